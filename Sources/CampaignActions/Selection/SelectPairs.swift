import CampaignCore
import CampaignEngine
import CampaignSyntax

/// `select-pairs`: which two photos serve each scene, or a tour through the photos where there are no scenes.
///
/// `local` goes by tags and by what the photos look like; it is free, offline and always comes to the same pairs. A chat
/// model looks at the photos. Either way a choice is kept when photos come or scenes go: `--reselect` makes a new one.
package struct SelectPairs: BuiltInAction {
  private let models: ModelTable

  init(_ models: ModelTable = ModelTable()) { self.models = models }

  package let version = 2

  /// To lose a choice is to buy other clips.
  package let isCostly = true

  package var schema: ActionSchema {
    ActionSchema(
      "select-pairs", "choose two photos for each scene",
      parameters: [
        Maker.schema("who chooses: `local` is free and offline; or a provider and its chat model"),
        ParameterSchema(
          "scenes", .scenes(fields: SceneWish.fields),
          "the scenes to serve, e.g. `all`; without any, the pairs are a tour"),
        ParameterSchema("count", .count(1...500), standard: "7", "how many pairs a tour has"),
        ParameterSchema(
          "clip", .length, standard: "4s", "how long a pair is shown when its scene does not say"),
      ])
  }

  package func check(_ parameters: [Parameter]) throws(StepFailure) {
    let action = Action(name: schema.name, version: version, parameters: parameters)
    let maker = try action.maker()
    if maker != .local { _ = try price(maker, action, photos: 0) }
    var seen: Set<String> = []
    for name in try SceneWish.list(action["scenes"]).map(\.name) where !seen.insert(name).inserted {
      throw StepFailure("`scenes` names `\(name)` twice", help: "name each scene once")
    }
  }

  /// Scenes say themselves how many pairs there are.
  package func keyParameters(_ parameters: [Parameter]) -> [Parameter] {
    let hasScenes = parameters.contains { $0.name == "scenes" && $0.value != "[]" }
    return parameters.filter { !hasScenes || $0.name != "count" }
  }

  package func damage(of path: String) -> String? {
    JSON.damage(ofListAt: path, fields: PhotoPair.fields)
  }

  /// It looks at photos only where there is a choice to be made.
  package func tools(_ parameters: [Parameter]) -> [Tool] { [.ffmpeg] }

  /// One manifest, and any number of texts: the brief.
  package func misfit(of inputs: [Rule.Input]) -> Misfit? {
    let manifests = inputs.indices.filter { !inputs[$0].isBrief }
    let rest = Misfit(manifests.map { inputs[$0] }, of: schema.name, roles: ["a manifest"])
    return rest.map { rest in
      var misfit = rest
      misfit.input = rest.input.map { manifests[$0] }
      if rest.input != nil { misfit.message += ", and .md or .txt files as its brief" }
      return misfit
    }
  }

  // MARK: - Foreseeing

  package func isPaid(_ parameters: [Parameter]) -> Bool {
    parameters.contains { $0.name == "by" && $0.value != "local" }
  }

  package func offer(_ action: Action, inputs: [Job.Input], earlier: [String], root: String)
    throws(StepFailure) -> Offer?
  {
    guard case .provider(let provider, let model) = try action.maker() else { return nil }
    let base = root == "." ? "" : root + "/"
    let manifest = ManifestPhoto.manifest(in: inputs.map { base + $0.path })
    let photos = try ManifestPhoto.list(manifest ?? [])
    let old = try earlier.first.flatMap { (path) throws(StepFailure) in try Self.choice(at: base + path) }
    let task = try SelectionTask(action, photos: photos, earlier: old)
    let price =
      task.isDone && manifest != nil ? .zero : try self.price(action.maker(), action, photos: photos.count)
    let known = try models.model(action.maker(), for: .chat)
    return Offer(
      order: nil, provider: provider, model: model, price: price, notes: known?.priceNotes() ?? [])
  }

  /// Two questions at most, each asked three times at most, with every photo in it.
  private func price(_ maker: Maker, _ action: Action, photos: Int) throws(StepFailure) -> Money {
    let scenes = try SceneWish.list(action["scenes"]).count
    let pictures = photos == 0 ? 20 : photos
    let once = Question.price(
      try models.model(maker, for: .chat), maker, characters: 4000 + 400 * (scenes + pictures),
      pictures: pictures, elements: max(scenes, 7))
    guard let once else {
      guard case .provider(_, let name) = maker else { return .zero }
      throw StepFailure(
        "nobody knows what `\(name)` costs",
        help:
          "say it in a block `model \(name)`: kind = chat, price = \"1.25 USD/Mtok in, 2.50 USD/Mtok out\"")
    }
    // An upper bound needs no fractions of a cent.
    let cents = (once.micros * 2 * Int64(ChatSelection.mostAnswers) + 9_999) / 10_000
    return Money(micros: cents * 10_000)
  }

  /// A pair for each scene, with all that the scene says.
  package func expectedElements(_ action: Action) -> [JSON]? {
    let standard = Milliseconds(action["clip"] ?? "") ?? Milliseconds(0)
    guard var scenes = try? SceneWish.list(action["scenes"]) else { return nil }
    let isTour = scenes.isEmpty
    if isTour { scenes = (0..<(Int(action["count"] ?? "") ?? 7)).map { SceneWish(name: "pair \($0 + 1)") } }
    return scenes.enumerated().map { index, scene in
      PhotoPair(
        id: scene.name, first: "", last: "", scene: scene, standard: standard, score: 0, reason: "", by: "",
        photoCount: 0
      ).json(order: index + 1)
    }
  }

  // MARK: - Choosing

  package func perform(_ job: Job) throws(StepFailure) -> JobReport {
    let manifest = ManifestPhoto.manifest(in: job.inputs.map { job.resolve($0.path) })
    guard let manifest else {
      throw StepFailure(
        "no input is a manifest of photos", help: "make one with `collect` and write it after the colon")
    }
    let photos = try ManifestPhoto.list(manifest)
    guard photos.count >= 2 else {
      throw StepFailure("a pair needs two photos, and the manifest has \(photos.count)", help: "add photos")
    }
    let choosesAnew = job.isReselect || job.wantsNewTake
    let old = try choosesAnew ? nil : Self.choice(at: job.resolve(job.earlier[0]))
    let task = try SelectionTask(job.action, photos: photos, earlier: old)
    let pairs = try task.isDone ? [] : choose(task, job)
    let result = task.merged(with: pairs)
    do throws(FileError) {
      let list = result.enumerated().map { $1.json(order: $0 + 1) }
      try Files.write(JSON.array(list).pretty, to: job.resolve(job.staged[0]))
    } catch { throw StepFailure(error) }
    return JobReport(cost: job.spending.paid(for: job.outputs[0]), notes: task.notes(on: result))
  }

  /// What was chosen before; nil: nothing. A choice that is there and cannot be read is not given up.
  private static func choice(at path: String) throws(StepFailure) -> JSON? {
    let text: String
    do { text = try Files.textIfPresent(path) } catch { throw StepFailure(error) }
    return try? JSON.parse(Array(text.utf8))
  }

  private func choose(_ task: SelectionTask, _ job: Job) throws(StepFailure) -> [PhotoPair] {
    let maker = try job.action.maker()
    guard maker != .local else {
      let seen = try job.look(at: task.free)
      let local = LocalSelection(
        pairing: Pairing(seen), standard: task.standard, photoCount: task.photos.count)
      return task.scenes.isEmpty ? local.tour(count: task.count) : local.pairs(for: task.missing)
    }
    let asker = Asker(maker: maker, model: try models.model(maker, for: .chat), job: job)
    var selection = ChatSelection(task: task, brief: job.brief, ask: asker.ask)
    selection.forget = asker.forget
    selection.pictures = { (photos) throws(StepFailure) in try job.thumbnails(of: photos) }
    return try selection.choose()
  }
}

extension Rule.Input {
  /// All that it stands for are texts that say what the campaign is about.
  fileprivate var isBrief: Bool {
    switch self {
    case .file(let template): Job.isBrief(template.description)
    case .glob(_, let files, let rules): rules.isEmpty && files.allSatisfy(Job.isBrief)
    case .all: false
    }
  }
}

extension Job {
  static func isBrief(_ path: String) -> Bool { path.hasSuffix(".md") || path.hasSuffix(".txt") }

  /// What the texts among the inputs say of the campaign.
  var brief: String {
    inputs.filter { Self.isBrief($0.path) }
      .compactMap { try? Files.text(resolve($0.path)) }.joined(separator: "\n\n")
  }
}
