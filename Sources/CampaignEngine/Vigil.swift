/// What a build keeps an eye on: steps that must not take longer, and failed ones that are to be tried again.
struct Vigil {
  /// When a running step is to be stopped, in nanoseconds since 1970.
  private var limits: [StepID: Int64] = [:]
  /// Running steps that were stopped because they took too long.
  private var late: Set<StepID> = []
  /// How often steps have failed.
  private var failures: [StepID: Int] = [:]
  /// When failed steps are to be tried again.
  private var pauses: [StepID: Int64] = [:]

  var hasPauses: Bool { !pauses.isEmpty }

  /// When something is due next; nil: nothing is.
  var next: Int64? { (Array(limits.values) + Array(pauses.values)).min() }

  mutating func limit(_ step: StepID, to time: Int64) { limits[step] = time }

  /// Steps that have just become late, each once.
  mutating func takeLate(at now: Int64) -> [StepID] {
    let found = limits.filter { $0.value <= now }.map(\.key)
    for step in found { limits[step] = nil }
    late.formUnion(found)
    return found
  }

  /// Ends the watch over a step. Returns whether it was stopped for being late.
  mutating func end(_ step: StepID) -> Bool {
    limits[step] = nil
    return late.remove(step) != nil
  }

  /// Counts a failure. Returns how many there have been.
  mutating func countFailure(_ step: StepID) -> Int {
    failures[step, default: 0] += 1
    return failures[step]!
  }

  mutating func pause(_ step: StepID, until time: Int64) { pauses[step] = time }

  /// Steps whose time has come, in the order of their ids.
  mutating func takeDue(at now: Int64) -> [StepID] {
    let found = pauses.filter { $0.value <= now }.map(\.key).sorted { $0.index < $1.index }
    for step in found { pauses[step] = nil }
    return found
  }

  /// Gives up all further tries. Returns the steps that waited for one.
  mutating func giveUp() -> [StepID] {
    defer { pauses = [:] }
    return pauses.keys.sorted { $0.index < $1.index }
  }
}
