import CTemplates
import CampaignCore
import CampaignEngine
import CampaignSyntax

/// The models that are known, by name: those of the built-in table, and what a campaign adds or overrides.
package struct ModelTable: Sendable {
  private var models: [String: Model] = [:]

  package init() {}

  /// The built-in table with the `model` blocks of a campaign on top.
  package init(_ blocks: [Campaign.Model]) throws(InvalidModel) {
    for block in Self.builtIn + blocks { models[block.name] = try Model(block, over: models[block.name]) }
  }

  private static var builtIn: [Campaign.Model] {
    let text = campaign_template_models()
    let bytes = Array(UnsafeBufferPointer(start: text.bytes, count: text.count))
    let (campaign, diagnostics) = load(LoadRequest(file: "models", read: { _ in bytes }, schemas: []))
    precondition(campaign != nil, "the built-in table of models is broken: \(diagnostics)")
    return campaign?.models ?? []
  }

  /// All models, clips first, by name.
  package var listing: [ModelListing] {
    let kinds: [Order.Kind] = [.clip, .music, .chat]
    return kinds.flatMap { kind in
      models.values.filter { $0.kind == kind }.sorted { $0.name < $1.name }.map { $0.listing }
    }
  }

  /// The model that a maker names; nil for a provider that is not ours and a model that no block describes.
  func model(_ maker: Maker, for kind: Order.Kind) throws(StepFailure) -> Model? {
    guard case .provider(let provider, let name) = maker else { return nil }
    guard let model = models[name] else {
      // Chat models are many and alike: one that is not in the table is a matter of its price alone.
      guard ProviderProgram.builtIn.contains(provider), kind != .chat else { return nil }
      let names = models.values.filter { $0.provider == provider && $0.kind == kind }.map(\.name).sorted()
      throw StepFailure(
        "there is no model `\(name)` in the table",
        help: (suggestion(for: name, among: names).map { "did you mean `\($0)`? " } ?? "")
          + "it has \(names.joined(separator: ", ")); a block `model \(name)` adds another",
        parameter: "by")
    }
    guard model.kind == kind else {
      throw StepFailure("`\(name)` makes \(model.kind.words), not \(kind.words)", parameter: "by")
    }
    return model
  }
}

extension Order.Kind {
  fileprivate var words: String {
    switch self {
    case .clip: "clips"
    case .music: "music"
    case .chat: "text"
    }
  }
}
