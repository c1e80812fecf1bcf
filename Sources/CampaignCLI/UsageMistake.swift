import CampaignCore

/// A call that ArgumentParser did not understand, in our words and in two lines.
struct UsageMistake {
  private let message: String
  private let arguments: [String]

  /// `message` is ArgumentParser's.
  init(_ message: String, arguments: [String]) {
    self.message = message
    self.arguments = arguments
  }

  var text: String {
    let names = CampaignCommand.names
    if let word = arguments.first, word.hasPrefix("-"), let command = arguments.first(where: names.contains) {
      return "error: \(lowered)\nhelp: options stand after the command: campaign \(command) \(word) ...\n"
    }
    guard let word = arguments.first, !word.hasPrefix("-"), !names.contains(word), word != "help" else {
      return "error: \(lowered)\n" + "help: \(help)\n"
    }
    let guess = suggestion(for: word, among: names + ["help"])
    let help =
      guess.map { "did you mean `\($0)`?" }
      ?? "`campaign build \(word)` makes a file; `campaign help` lists the commands"
    return "error: unknown command `\(word)`\nhelp: \(help)\n"
  }

  private var help: String {
    let command = arguments.first.flatMap { CampaignCommand.names.contains($0) ? " \($0)" : nil } ?? ""
    return "`campaign\(command) --help` lists the options"
  }

  private var lowered: String {
    let line = message.replacing("\n", with: " ").replacing("'", with: "`")
    return line.prefix(1).lowercased() + line.dropFirst()
  }
}
