extension ActionCatalog {
  /// What a Campaignfile may name.
  package static let builtIn = ActionCatalog([
    Collect(), SelectPairs(), GenerateClip(), ComposeMusic(), Combine(), MixAudio(),
  ])
}
