import CampaignActions
import CampaignCore
import CampaignEngine
import CampaignReporting
import Glibc

extension Project {
  /// A page on the campaign as it stands, with pictures. Takes a moment for each clip; changes nothing.
  package func report() throws(BuildError) -> ReportPage {
    let plan = try plan(Request())
    let now = try circumstances(plan)
    let status = Status(campaign: campaign.name, plan: plan, now)
    var page = ReportPage(
      campaign: campaign.name, date: Moment(Int64(time(nil))).description, plan: plan, status: status)
    page.needs =
      now.failures.map { "\($0.target) failed: \($0.message)" }
      + Set(plan.entries.flatMap(\.gates)).sorted().map { "campaign approve \($0)" }
    let scratch = StateFolder.name + "/stage/report"
    defer { Files.remove(state.resolve(scratch)) }
    page.film = film(plan, scratch)
    page.cards = cards(plan, scratch)
    page.money = try money(now)
    let runs = archive.history(limit: 12)
    page.timeline = runs.last.map(timeline)
    page.history = runs.reversed().map { run in
      [
        run.name.short, Moment(run.name.date ?? 0).description, run.outcome, Wording.duration(run.seconds),
        Wording.cost(run.cost), Wording.list(run.steps.filter(\.isChanged).map(\.target), limit: 3),
      ]
    }
    let outputs = Set(plan.entries.flatMap(\.outputs))
    page.sources = Set(plan.entries.flatMap(\.inputs)).subtracting(outputs).sorted().map { path in
      (path, (try? Files.hash(state.resolve(path)))?.hex ?? "missing")
    }
    return page
  }

  /// A film of so many bytes is part of the page: as much as most letters may carry.
  private static let mostEmbedded: Int64 = 16_000_000

  private func film(_ plan: Plan, _ scratch: String) -> ReportPage.Film? {
    guard let film = plan.films.first, let path = film.outputs.first, Files.exists(state.resolve(path)) else {
      return nil
    }
    let bytes = FileStamp.of(state.resolve(path))?.size ?? .max
    let isEmbedded = bytes <= Self.mostEmbedded && path.hasSuffix(".mp4")
    let content = isEmbedded ? try? Files.read(state.resolve(path)) : nil
    let isLinked = content == nil ? "linked: it is no part of this page" : nil
    let length = MediaInfo.seconds(of: state.resolve(path)).map { JSON.fixed($0, places: 1) + " s" }
    let words = [length, Wording.size(bytes), film.verdict.phrase, isLinked].compactMap { $0 }
    return ReportPage.Film(
      path: path, poster: picture(of: path, width: 960, scratch),
      data: content.map { "data:video/mp4;base64," + Base64.encoded($0) },
      words: words.joined(separator: ", "))
  }

  // MARK: - The storyboard

  /// Pictures of every clip; without the stills where there are very many.
  private func cards(_ plan: Plan, _ scratch: String) -> [ReportPage.Card] {
    let clips = plan.entries.filter { $0.each != nil && $0.outputs[0].hasSuffix(".mp4") }
    let cache = HashCache(path: state.cache)
    return clips.map { entry in
      let target = entry.outputs[0]
      let maker = entry.parameters.first { $0.name == "by" }?.value ?? entry.action
      let takes = entry.order == nil ? nil : try? takes(target)
      let take = takes.flatMap { takes in takes.shelf.takes.firstIndex { $0.content == takes.current } }
      let chosen = take.map { takes!.shelf.takes[$0] }
      var card = ReportPage.Card(
        target: target, maker: maker, price: chosen?.price ?? entry.estimate, verdict: entry.verdict)
      card.take = take.map { index in
        "take \(index + 1) of \(takes!.shelf.takes.count)" + (chosen?.seed.map { ", seed \($0)" } ?? "")
      }
      card.prompt =
        element(of: entry)?["prompt"]?.string ?? entry.parameters.first { $0.name == "prompt" }?.value
      card.scene = element(of: entry)?["scene"]?.string
      card.reason = element(of: entry)?["reason"]?.string
      card.seconds = cache.trace(target).map { Double($0.milliseconds) / 1000 }
      card.poster = picture(of: target, width: 320, scratch)
      if clips.count <= 60 {
        card.first = entry.inputs.first.flatMap { picture(of: $0, width: 160, scratch) }
        card.last = entry.inputs.dropFirst().first.flatMap { picture(of: $0, width: 160, scratch) }
      }
      return card
    }
  }

  /// The element of the array that a step is for: the one whose photos are its inputs.
  private func element(of entry: Plan.Entry) -> JSON? {
    guard let file = entry.each, let bytes = try? Files.read(state.resolve(file)) else { return nil }
    let elements = (try? JSON.parse(bytes))?.array ?? []
    let name = Files.name(of: entry.outputs[0])
    return elements.first { element in
      element["id"]?.scalar.map { name.hasPrefix($0 + ".") } == true
    }
      ?? elements.first {
        $0["first"]?.string == entry.inputs.first && $0["last"]?.string == entry.inputs.last
      }
  }

  /// A small JPEG as a `data:` address; nil when there is nothing to see.
  private func picture(of path: String, width: Int, _ scratch: String) -> String? {
    guard Files.exists(state.resolve(path)) else { return nil }
    let still = state.resolve(scratch + "/still.jpg")
    Files.remove(still)
    guard Still(of: state.resolve(path)).write(to: still, width: width), let bytes = try? Files.read(still)
    else {
      return nil
    }
    return "data:image/jpeg;base64," + Base64.encoded(bytes)
  }

  // MARK: - Money and time

  private func money(_ now: Status.Circumstances) throws(BuildError) -> [[String]] {
    let costs = try costs()
    let rows = costs.rows { $0.kind }
    guard !rows.isEmpty else { return [] }
    let budget = campaign.budget.map { " of \($0)" } ?? ""
    let each = costs.usableClips > 0 ? costs.clipCost.micros / Int64(costs.usableClips) : nil
    return rows.map { [$0.name, String($0.attempts), $0.cost.description] }
      + (each.map { [["each usable clip", String(costs.usableClips), Money(micros: $0).description]] } ?? [])
      + [["all", String(costs.attempts.count), costs.total.description + budget]]
  }

  private func timeline(_ run: Run) -> (run: String, bars: [ReportPage.Bar]) {
    let bars = run.steps.compactMap { step in
      step.start.map {
        ReportPage.Bar(
          target: step.target, start: $0, end: $0 + step.seconds, outcome: step.outcome ?? "cut short")
      }
    }
    return ("\(run.name.short), \(Moment(run.name.date ?? 0)), \(Wording.duration(run.seconds))", bars)
  }
}

extension Plan.Entry {
  fileprivate var gates: [String] { if case .awaiting(let targets) = verdict { targets } else { [] } }
}
