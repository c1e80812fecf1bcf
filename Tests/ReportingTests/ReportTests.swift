import CampaignCore
import CampaignEngine
import Testing

@testable import CampaignReporting

/// The report, and what it and the displays are made of.
struct ReportTests {
  private func page() -> ReportPage {
    let plan = stalePlan()
    var page = ReportPage(
      campaign: "villa <1>", date: "today", plan: plan, status: Status(campaign: "villa", plan: plan))
    page.needs = ["campaign approve build/pairs.json"]
    page.film = .init(
      path: "build/my film.mp4", poster: "data:image/jpeg;base64,AA==", data: nil, words: "30.0 s")
    var card = ReportPage.Card(
      target: "build/clips/hook.mp4", maker: "local", price: .zero, verdict: .stale([photoChanged]))
    card.prompt = "<script>alert(1)</script>"
    page.cards = [card]
    page.timeline = ("amber-heron", [.init(target: "build/hook.mp4", start: 0, end: 2, outcome: "made")])
    return page
  }

  @Test func isOneSafeFile() {
    let text = page().text
    #expect(text.hasPrefix("<!doctype html>") && text.hasSuffix("</body></html>\n"))
    #expect(text.contains("<h1>villa &lt;1&gt;</h1>"))
    #expect(text.contains("&lt;script&gt;alert(1)") && !text.contains("<script"))
    #expect(!text.contains("http:") && !text.contains("https:"))
    #expect(text.contains("href=\"build/my%20film.mp4\""))
    #expect(text.contains("<td>photos/a.jpg changed</td>"))
    #expect(text.contains("build/hook.mp4: made in 2.0s"))
  }

  @Test func leavesOutWhatThereIsNot() {
    var page = page()
    (page.needs, page.cards, page.timeline, page.film) = ([], [], nil, nil)
    for title in [
      "What it needs", "The storyboard", "The last build", "The film", "Money", "Builds", "Sources",
    ] {
      #expect(!page.text.contains(title), "\(title)")
    }
    #expect(page.text.contains("<h2>Why</h2>"))
  }

  @Test func holdsTheFilmItself() {
    var page = page()
    page.film?.data = "data:video/mp4;base64,AAAA"
    #expect(page.text.contains("<video class=\"film\" controls"))
    #expect(page.text.contains("src=\"data:video/mp4;base64,AAAA\"></video>"))
    #expect(!page.text.contains("href=\"build/my%20film.mp4\""))
  }

  @Test func linksGoUpFromWhereThePageIs() {
    var page = page()
    page.base = "../../"
    #expect(page.text.contains("href=\"../../build/clips/hook.mp4\""))
  }

  @Test(arguments: [
    ("a b c", "a b c", "a b c"), ("a b c", "a x c", "a [-b-] {+x+} c"), ("", "a", "{+a+}"),
    ("a", "", "[-a-]"),
    (
      "one two three four five six seven eight nine ten a",
      "one two three four five six seven eight nine ten b",
      "… five six seven eight nine ten [-a-] {+b+}"
    ),
  ])
  func wordsAreCompared(old: String, new: String, text: String) {
    #expect(WordDiff(from: old, to: new).text(.plain) == text)
  }

  @Test func tellsWhereTheTimeWent() {
    var profile = WaitProfile()
    let (clip, film) = (step("build/hook.mp4", 0), step("build/final.mp4", 1))
    var bought = clip
    (bought.pool, bought.id) = ("replicate", StepID(2))
    profile.record(make(.stepStarted(clip, reasons: []), at: 0))
    profile.record(make(.stepStarted(bought, reasons: []), at: 1))
    profile.record(make(.stepFinished(clip, StepResult(outcome: .made, seconds: 9)), at: 9))
    profile.record(make(.stepStarted(film, reasons: []), at: 20))
    profile.record(make(.stepFinished(film, StepResult(outcome: .made, seconds: 2)), at: 22))
    #expect(profile.text == "waited 11s on this machine; longest build/hook.mp4, 9.0s")
    profile.record(make(.stepFinished(bought, StepResult(outcome: .made, seconds: 371)), at: 372))
    #expect(profile.text == "waited 6m11s on replicate, 11s on this machine; longest build/hook.mp4, 6m11s")
  }

  @Test func saysNothingOfShortWaits() {
    var profile = WaitProfile()
    profile.record(make(.stepStarted(step("a"), reasons: []), at: 0))
    profile.record(make(.stepFinished(step("a"), StepResult(outcome: .made, seconds: 1)), at: 1))
    #expect(profile.text == nil)
  }
}
