import CampaignCore

/// Something that reads bytes which others wrote, and what has to be true of it whatever they are.
struct FuzzTarget: Sendable {
  /// Reads one input; traps when something is not as it has to be.
  typealias Reader = ([UInt8]) -> Void

  /// Also its folder of the corpus.
  let name: String
  /// The words that its inputs are made of: `dictionaries/….dict`.
  var dictionary: String?
  /// Is told a folder for its files, that it shares with nobody.
  let reader: @Sendable (_ scratch: String) -> Reader

  static let all = texts + files + answers + servers

  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// Ends the process, as a trap would, unless `condition` holds.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}

/// What must not fail whatever the input.
func unfailing<Value>(_ body: () throws -> Value) -> Value {
  do { return try body() } catch { fatalError("\(error)") }
}
