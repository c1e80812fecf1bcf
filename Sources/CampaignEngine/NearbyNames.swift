import CampaignCore

/// What a file that is not there could have been meant to be: an output, or a file of its folder. Listed once, and only
/// when somebody asks.
struct NearbyNames {
  private let state: StateFolder
  private var outputs: [String]?
  private var folders: [String: [String]] = [:]

  init(_ state: StateFolder) { self.state = state }

  mutating func nearest(to path: String, in graph: borrowing Graph) -> String? {
    let outputs = outputs ?? graph.allOutputs()
    self.outputs = outputs
    return suggestion(for: path, among: [outputs, files(beside: path)].joined())
  }

  private mutating func files(beside path: String) -> [String] {
    let folder = Files.folder(of: path)
    if let known = folders[folder ?? "."] { return known }
    let names = Files.names(in: state.resolve(folder ?? ".")).map { (folder.map { $0 + "/" } ?? "") + $0 }
    folders[folder ?? "."] = names
    return names
  }
}

extension Graph {
  fileprivate borrowing func allOutputs() -> [String] {
    steps.indices.flatMap { outputPaths(of: StepID($0)) }
  }
}
