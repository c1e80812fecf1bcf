/// A step of a graph: a dense index, good for that graph only.
package struct StepID: Hashable, Comparable, Sendable {
  package var index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
  package static func < (left: StepID, right: StepID) -> Bool { left.index < right.index }
}

/// A file of a graph: a dense index, good for that graph only.
package struct ArtifactID: Hashable, Comparable, Sendable {
  package var index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
  package static func < (left: ArtifactID, right: ArtifactID) -> Bool { left.index < right.index }
}
