extension ActionCatalog {
  /// What a Campaignfile may name.
  package static let builtIn = ActionCatalog([GenerateClip(), Combine(), MixAudio(), ComposeMusic()])
}
