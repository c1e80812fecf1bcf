import CampaignCore
import CampaignEngine

/// A build as JUnit XML, a test case for each target: what GitLab, Jenkins and GitHub's reporters read.
package struct JUnitReport: Sendable {
  private struct Case: Sendable {
    var target: String
    var seconds = 0.0
    var cost = Money.zero
    var outcome = ""
    /// The element inside, whole; empty for a good end.
    var inside = ""
  }

  private let campaign: String
  private var cases: [Case] = []

  package init(campaign: String) { self.campaign = campaign }

  package mutating func record(_ event: Event) {
    switch event.kind {
    case .stepFinished(let step, let result): cases.append(Self.testCase(step, result))
    case .awaiting(_, let steps):
      cases += steps.map { Case(target: $0, outcome: "awaiting", inside: Self.skipped("awaiting approval")) }
    default: break
    }
  }

  /// Adds the targets that the build had no reason to touch.
  package mutating func add(current targets: [String]) {
    let known = Set(cases.map(\.target))
    for target in targets where !known.contains(target) {
      cases.append(Case(target: target, outcome: "current", inside: Self.skipped("up to date")))
    }
  }

  package var text: String {
    let failures = cases.count { $0.outcome == "failed" }
    let skipped = cases.count { $0.inside.contains("<skipped") }
    let seconds = JSON.fixed(cases.reduce(0) { $0 + $1.seconds }, places: 3)
    let suite =
      "name=\"\(Self.escaped(campaign))\" tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"0\" "
      + "skipped=\"\(skipped)\" time=\"\(seconds)\""
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite \(suite)>\n"
      + cases.map(Self.element).joined() + "  </testsuite>\n</testsuites>\n"
  }

  private static func testCase(_ step: StepLabel, _ result: StepResult) -> Case {
    var testCase = Case(
      target: step.target, seconds: result.seconds, cost: result.cost, outcome: result.verb)
    switch result.outcome {
    case .made, .restored, .adopted: break
    case .failed(let failure):
      let details = failure.help.map { "\(failure.message)\n\($0)" } ?? failure.message
      testCase.inside =
        "<failure type=\"\(failure.kind)\" message=\"\(escaped(failure.message))\">\(escaped(details))</failure>"
    case .skipped(let cause): testCase.inside = skipped("\(cause) failed")
    case .interrupted: testCase.inside = skipped("interrupted")
    }
    return testCase
  }

  private static func skipped(_ why: String) -> String { "<skipped message=\"\(escaped(why))\"/>" }

  private static func element(_ test: Case) -> String {
    let folder = Files.folder(of: test.target) ?? "."
    let head =
      "    <testcase classname=\"\(escaped(folder))\" name=\"\(escaped(Files.name(of: test.target)))\" "
      + "time=\"\(JSON.fixed(test.seconds, places: 3))\">\n"
    let properties =
      "      <properties><property name=\"outcome\" value=\"\(test.outcome)\"/>"
      + "<property name=\"usd\" value=\"\(test.cost.description.dropFirst())\"/></properties>\n"
    let inside = test.inside.isEmpty ? "" : "      \(test.inside)\n"
    return head + properties + inside + "    </testcase>\n"
  }

  /// Text for XML 1.0, which has no control characters.
  static func escaped(_ text: String) -> String {
    Wording.clean(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }
}
