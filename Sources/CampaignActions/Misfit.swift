import CampaignEngine

/// An input that an action has no use for, or one that is missing.
package struct Misfit: Hashable, Sendable {
  /// The number of the input; nil: one is missing.
  package var input: Int?
  package var message: String
  package var help: String
}

extension Misfit {
  /// Nil when there is one file for each of `roles`, in their order.
  init?(_ inputs: [Rule.Input], of action: String, roles: [String]) {
    let wanted = roles.joined(separator: " and ")
    if inputs.count < roles.count {
      self.init(
        input: nil, message: "`\(action)` needs \(wanted)",
        help: roles.count == 1
          ? "write it after the colon of the rule" : "write both after the colon of the rule, in this order")
    } else if inputs.count > roles.count {
      self.init(
        input: roles.count,
        message: "`\(action)` has no use for `\(inputs[roles.count].words)`: it takes \(wanted)",
        help: "take it out of the rule, or let a step of its own use it")
    } else if let many = inputs.firstIndex(where: { !$0.isOneFile }) {
      self.init(
        input: many, message: "`\(action)` takes one file as \(roles[many]), and this can be several",
        help: "name one file")
    } else {
      return nil
    }
  }
}

extension Rule.Input {
  var isOneFile: Bool {
    switch self {
    case .file: true
    case .glob(_, let files, let rules): files.count == 1 && rules.isEmpty
    case .all: false
    }
  }

  /// As a message names it.
  var words: String {
    switch self {
    case .file(let template): template.description
    case .glob(let glob, let files, _): files.first ?? glob.pattern
    case .all: "all files of a rule"
    }
  }
}
