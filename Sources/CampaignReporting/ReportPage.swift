import CampaignCore
import CampaignEngine

/// All there is to say of a campaign as one HTML file: it needs no script, no network and no other file, and is as good
/// in three years. What is linked beside that, clips and a large film, is relative to the workspace.
package struct ReportPage: Sendable {
  /// A clip with what it shows and where it comes from.
  package struct Card: Sendable {
    package var target: String
    /// Pictures as `data:` addresses; nil: there is none.
    package var first: String?
    package var last: String?
    package var poster: String?
    package var scene: String?
    package var prompt: String?
    /// Why this pair was chosen.
    package var reason: String?
    /// E.g. `replicate google/veo-3.1-fast`.
    package var maker: String
    /// E.g. `take 2 of 3, seed 42`.
    package var take: String?
    package var price: Money
    package var seconds: Double?
    package var verdict: Plan.Verdict

    package init(target: String, maker: String, price: Money, verdict: Plan.Verdict) {
      self.target = target
      self.maker = maker
      self.price = price
      self.verdict = verdict
    }
  }

  package struct Film: Sendable {
    package var path: String
    /// Pictures as `data:` addresses; nil: there is none.
    package var poster: String?
    /// All of it, as a `data:` address; nil: it is too large for that, and linked.
    package var data: String?
    package var words: String

    package init(path: String, poster: String?, data: String?, words: String) {
      self.path = path
      self.poster = poster
      self.data = data
      self.words = words
    }
  }

  /// A step of the last build on the clock, in seconds since it began.
  package struct Bar: Sendable {
    package var target: String
    package var start: Double
    package var end: Double
    package var outcome: String

    package init(target: String, start: Double, end: Double, outcome: String) {
      self.target = target
      self.start = start
      self.end = end
      self.outcome = outcome
    }
  }

  /// The workspace as the page's links begin, with a slash at its end; empty: the page lies in it.
  package var base = ""
  package var campaign: String
  package var date: String
  package var plan: Plan
  package var status: Status
  /// What a person has to do, in whole sentences.
  package var needs: [String] = []
  package var film: Film?
  package var cards: [Card] = []
  /// Rows of stage, requests and cost; the last is the sum.
  package var money: [[String]] = []
  package var timeline: (run: String, bars: [Bar])?
  /// Builds: name, date, outcome, time, cost, what changed.
  package var history: [[String]] = []
  /// Sources with their content hashes.
  package var sources: [(path: String, hash: String)] = []

  package init(campaign: String, date: String, plan: Plan, status: Status) {
    self.campaign = campaign
    self.date = date
    self.plan = plan
    self.status = status
  }

  package var text: String {
    let verdict = status.isCurrent ? "current" : "stale"
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>\(html(campaign)): \(verdict)</title><style>\(Self.css)</style></head><body>
      <header><h1>\(html(campaign))</h1><p><span class="tag \(verdict)">\(verdict)</span> \(html(date))</p></header>

      """ + sections.joined() + "</body></html>\n"
  }

  private var sections: [String] {
    [
      section(
        "What it needs", needs.isEmpty ? "" : "<ul>\(needs.map { "<li>\(html($0))</li>" }.joined())</ul>"),
      section("The film", filmText), section("The storyboard", cards.map(text).joined(), class: "cards"),
      section("Money", money.isEmpty ? "" : table(["", "requests", "cost"], money)),
      section(
        "The last build", timeline.map { "<p>\(html($0.run))</p>" + Timeline(bars: $0.bars).svg } ?? ""),
      section("Why", why.isEmpty ? "" : table(["target", "state", "because"], why)),
      section(
        "Builds",
        history.isEmpty ? "" : table(["build", "began", "outcome", "took", "cost", "what changed"], history)),
      section("Sources", sourceList),
    ]
  }

  private func section(_ title: String, _ inside: String, class name: String = "") -> String {
    inside.isEmpty ? "" : "<section class=\"\(name)\"><h2>\(title)</h2><div>\(inside)</div></section>\n"
  }

  private var filmText: String {
    guard let film else { return "" }
    if let data = film.data {
      let poster = film.poster.map { " poster=\"\($0)\"" } ?? ""
      return "<video class=\"film\" controls preload=\"metadata\"\(poster) src=\"\(data)\"></video>"
        + "<p>\(html(film.path)), \(html(film.words))</p>"
    }
    let picture = film.poster.map { "<img src=\"\($0)\" alt=\"a frame of the film\">" } ?? ""
    return "<a class=\"film\" href=\"\(address(film.path))\">\(picture)</a>"
      + "<p><a href=\"\(address(film.path))\">\(html(film.path))</a>, \(html(film.words))</p>"
  }

  private func text(_ card: Card) -> String {
    let stills = [("first frame", card.first), ("last frame", card.last)].compactMap { words, still in
      still.map { "<img src=\"\($0)\" alt=\"\(words)\">" }
    }.joined()
    let poster = card.poster.map { "<img src=\"\($0)\" alt=\"a frame of the clip\">" } ?? ""
    let facts = [
      card.maker, card.take, Wording.cost(card.price), card.seconds.map { "made in " + Wording.duration($0) },
    ].compactMap { $0 }.joined(separator: " · ")
    let state = card.verdict == .current ? "" : "<p class=\"why\">\(html(card.verdict.phrase))</p>"
    return "<article><a href=\"\(address(card.target))\">\(poster)</a>"
      + (stills.isEmpty ? "" : "<div class=\"stills\">\(stills)</div>")
      + "<h3><a href=\"\(address(card.target))\">\(html(Files.name(of: card.target)))</a>"
      + (card.scene.map { " <small>\(html($0))</small>" } ?? "") + "</h3>"
      + (card.prompt.map { "<p>\(html($0))</p>" } ?? "") + state
      + (card.reason.map { "<p class=\"faint\">\(html($0))</p>" } ?? "")
      + "<p class=\"faint\">\(html(facts))</p></article>"
  }

  private var why: [[String]] {
    plan.entries.filter { $0.verdict != .current }.map {
      [$0.outputs[0], $0.verdict.word, $0.verdict.why.joined(separator: "; ")]
    }
  }

  private var sourceList: String {
    guard !sources.isEmpty else { return "" }
    let rows = table(["file", "content"], sources.map { [$0.path, $0.hash] })
    return "<details><summary>\(Wording.count(sources.count, "file"))</summary>\(rows)</details>"
  }

  private func table(_ head: [String], _ rows: [[String]]) -> String {
    "<table><thead><tr>\(head.map { "<th>\(html($0))</th>" }.joined())</tr></thead><tbody>"
      + rows.map { "<tr>\($0.map { "<td>\(html($0))</td>" }.joined())</tr>" }.joined() + "</tbody></table>"
  }

  private func html(_ text: String) -> String { JUnitReport.escaped(text) }

  /// A path as an address relative to the page.
  private func address(_ path: String) -> String {
    let safe = (base + path).utf8.map { byte -> String in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "/._-~".utf8.contains(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16, uppercase: true)
    }
    return safe.joined()
  }

  private static let css = """
    :root{color-scheme:light dark;--line:#d8dee6;--faint:#5b6673;--back:#fff;--card:#f6f8fa}
    @media(prefers-color-scheme:dark){:root{--line:#303846;--faint:#9aa7b5;--back:#10151c;--card:#18202a}}
    body{font:16px/1.5 ui-sans-serif,system-ui,sans-serif;max-width:68rem;margin:2rem auto;padding:0 1.2rem;\
    background:var(--back)}
    h1{margin:0;font-size:2rem;letter-spacing:-.02em}h2{font-size:1.1rem;margin:2.4rem 0 .6rem;\
    border-bottom:1px solid var(--line);padding-bottom:.3rem}h3{margin:.5rem 0 .2rem;font-size:1rem}
    header p{color:var(--faint);margin:.3rem 0}small,.faint{color:var(--faint);font-weight:400;font-size:.86rem}
    article p{margin:.25rem 0}img{max-width:100%;border-radius:6px;display:block}
    .tag{padding:.1rem .6rem;border-radius:1rem;color:#fff;background:#a4590a}.tag.current{background:#15703a}
    .cards>div{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:1.2rem}
    article{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.8rem}
    .stills{display:grid;grid-template-columns:1fr 1fr;gap:.3rem;margin-top:.3rem}.why{color:#b45309}
    table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;padding:.3rem .7rem .3rem 0;\
    border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}th{color:var(--faint);font-weight:500}
    .film img,video.film{max-width:100%;max-height:28rem}a{color:inherit}svg{max-width:100%;height:auto}svg text{fill:currentColor;font-size:12px}
    @media print{article{break-inside:avoid}body{margin:0}}
    """
}
