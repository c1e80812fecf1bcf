extension ActionCatalog {
  /// What a Campaignfile may name.
  package static func builtIn(models: ModelTable = ModelTable()) -> ActionCatalog {
    ActionCatalog([
      Collect(), SelectPairs(models), GenerateClip(models), ComposeMusic(models), Combine(), MixAudio(),
    ])
  }
}
