import CampaignCore
import CampaignEngine
import CampaignSyntax

/// Who makes something: this machine, or a model of a provider.
enum Maker: Hashable, Sendable {
  case local
  case provider(name: String, model: String)

  /// Reads `local`, `replicate google/veo-3.1-fast`, `./my-provider.py some-model`.
  init(_ text: String) throws(StepFailure) {
    if let problem = Self.problem(with: text) { throw StepFailure(problem, help: Self.help) }
    let words = text.split(separator: " ")
    self = text == "local" ? .local : .provider(name: String(words[0]), model: String(words[1]))
  }

  private static let help = "write `local`, or a provider and its model: replicate google/veo-3.1-fast"

  /// What is wrong with the text of a maker; nil when it is one.
  static func problem(with text: String) -> String? {
    if text == "local" { return nil }
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 2 else {
      return words.count == 1 ? "`\(text)` says no model" : "`\(text)` is no provider with its model"
    }
    let isPath = words[0].hasPrefix("/") || words[0].hasPrefix("./") || words[0].hasPrefix("../")
    if isPath || ProviderProgram.builtIn.contains(words[0]) { return nil }
    let isName = words[0].utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    guard isName else { return "`\(words[0])` is no name of a provider" }
    return suggestion(for: words[0], among: ProviderProgram.builtIn + ["local"]).map {
      "there is no provider `\(words[0])`: did you mean `\($0)`?"
    }
  }

  /// The parameter `by` of actions that others can do, too.
  ///
  /// - Parameter splits: targets may fall to several makers.
  static func schema(splits: Bool = false, _ summary: String) -> ParameterSchema {
    ParameterSchema(
      "by",
      .phrase(
        example: "replicate google/veo-3.1-fast", check: splits ? Split.problem(with:) : problem(with:)),
      standard: "local", summary)
  }
}

extension Action {
  /// By whom it is done.
  func maker() throws(StepFailure) -> Maker { try Maker(self["by"] ?? "local") }
}
