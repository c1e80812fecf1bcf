extension ActionCatalog {
  /// What a Campaignfile may name.
  ///
  /// - Parameter others: actions of the program that embeds this one; they come before ours of the same name.
  package static func builtIn(models: ModelTable = ModelTable(), others: [any BuiltInAction] = [])
    -> ActionCatalog
  {
    let names = Set(others.map(\.schema.name))
    let own: [any BuiltInAction] = [
      Collect(), SelectPairs(models), GenerateClip(models), ComposeMusic(models), Combine(), MixAudio(),
    ]
    return ActionCatalog(own.filter { !names.contains($0.schema.name) } + others)
  }
}
