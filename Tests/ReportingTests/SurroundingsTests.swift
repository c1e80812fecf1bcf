import CampaignCore
import CampaignReporting
import Testing

@Suite struct SurroundingsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var choice = ColorChoice.auto
    var isTerminal = true
    var environment: [String: String] = [:]
    var isColored: Bool
    var testDescription: String { "--color \(choice.rawValue), terminal \(isTerminal), \(environment)" }
  }

  @Test(arguments: [
    Case(isColored: true),
    Case(isTerminal: false, isColored: false),
    Case(environment: ["TERM": "dumb"], isColored: false),
    Case(environment: ["NO_COLOR": "1"], isColored: false),
    Case(environment: ["NO_COLOR": ""], isColored: true),
    Case(isTerminal: false, environment: ["CLICOLOR_FORCE": "1"], isColored: true),
    Case(isTerminal: false, environment: ["FORCE_COLOR": "1"], isColored: true),
    Case(isTerminal: false, environment: ["CLICOLOR_FORCE": "0"], isColored: false),
    Case(environment: ["CLICOLOR_FORCE": "1", "TERM": "dumb"], isColored: true),
    Case(environment: ["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], isColored: false),
    Case(choice: .always, isTerminal: false, environment: ["NO_COLOR": "1"], isColored: true),
    Case(choice: .never, environment: ["CLICOLOR_FORCE": "1"], isColored: false),
  ])
  func choosesColour(_ example: Case) {
    let surroundings = Surroundings(isTerminal: example.isTerminal, environment: example.environment)
    #expect(surroundings.style(example.choice).isColored == example.isColored)
  }

  @Test func repaintsOnlyBeforeAPerson() {
    #expect(Surroundings(isTerminal: true, environment: [:]).allowsRepainting)
    #expect(Surroundings(isTerminal: true, environment: ["CI": ""]).allowsRepainting)
    #expect(!Surroundings(isTerminal: true, environment: ["CI": "true"]).allowsRepainting)
    #expect(!Surroundings(isTerminal: true, environment: ["TERM": "dumb"]).allowsRepainting)
    #expect(!Surroundings(isTerminal: false, environment: [:]).allowsRepainting)
  }

  @Test func coloursADiagnosticWithoutChangingItsWords() {
    let site = place("durration", of: "    durration = 6s", line: 14)
    let mistake = Diagnostic(
      "E0204", "unknown parameter `durration`", at: site, help: "did you mean `duration`?")
    #expect(Diagnostics([mistake]).text(.plain) == mistake.rendered)
    #expect(
      Diagnostics([mistake]).text(Style(isColored: true)) == """
        Campaignfile:14:5: \u{1B}[31merror[E0204]:\u{1B}[0m unknown parameter `durration`
           14 |     durration = 6s
        \u{1B}[31m      |     ^~~~~~~~~\u{1B}[0m
        \u{1B}[36mhelp:\u{1B}[0m did you mean `duration`?

        """)
  }

  @Test func showsAtMostTwentyDiagnostics() {
    let mistakes = (1...23).map { Diagnostic("E0001", "mistake \($0)", at: nil) }
    let text = Diagnostics(mistakes).text(.plain)
    #expect(text.hasSuffix("error[E0001]: mistake 20\n\nand 3 more\n"))
  }
}
