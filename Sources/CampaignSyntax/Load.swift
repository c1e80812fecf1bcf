import CampaignCore

/// What `load` has to go by.
package struct LoadRequest {
  /// The Campaignfile, relative to the workspace.
  package var file: String
  /// Reads a file of the workspace; nil: there is none.
  package var read: (String) -> [UInt8]?
  /// One name for each file, however its path is written.
  package var identity: (String) -> String = FilePath.normal
  /// The actions that rules may name.
  package var schemas: [ActionSchema]
  /// From `--set name=value`.
  package var overrides: [(name: String, value: String)] = []
  /// Only `CAMPAIGN_*` matters: `CAMPAIGN_FADE_IN` is the setting `fade-in`.
  package var environment: [String: String] = [:]
  package var profile: String?

  package init(file: String, read: @escaping (String) -> [UInt8]?, schemas: [ActionSchema]) {
    self.file = file
    self.read = read
    self.schemas = schemas
  }
}

/// Reads, parses and checks a Campaignfile with all it includes.
///
/// - Returns: the campaign, nil when there is an error; and all that is to be said, sorted by place.
package func load(_ request: LoadRequest) -> (campaign: Campaign?, diagnostics: [Diagnostic]) {
  var inclusion = Inclusion(request)
  guard inclusion.read() else {
    let message = "there is no `\(request.file)` here"
    return (
      nil,
      [
        Diagnostic(
          "E0111", message, at: nil, help: "`campaign init` writes one; `-C DIR` goes to another folder")
      ]
    )
  }
  var evaluator = Evaluator(inclusion.trees, request: request)
  var campaign = evaluator.evaluate()
  campaign.files = inclusion.trees.map(\.source.file)
  var mistakes = inclusion.mistakes
  mistakes.add(evaluator.mistakes)
  let hasErrors = mistakes.sorted.contains { $0.severity == .error }
  return (hasErrors ? nil : campaign, mistakes.sorted)
}

/// What a file includes that names other campaigns and says nothing else: `include campaigns/*/Campaignfile`. Nil for a
/// Campaignfile of its own.
package func members(of file: String, bytes: [UInt8]) -> [(pattern: String, site: Site)]? {
  // Most files need no second parsing to be known for a campaign of their own.
  let lines = bytes.split(separator: .newline).lazy.map { $0.drop(while: \.isBlank) }
  guard lines.first(where: { !$0.isEmpty && $0.first != .hash })?.starts(with: Array("include".utf8)) == true,
    Inclusion.unreadable(bytes) == nil
  else { return nil }
  let (tree, mistakes) = Parser.parse(SourceText(file: file, bytes: bytes))
  guard mistakes.isEmpty, !tree.statements.isEmpty else { return nil }
  var found: [(pattern: String, site: Site)] = []
  for statement in tree.statements {
    guard case .include(let path) = statement else { return nil }
    let pattern = tree.source.text(path)
    guard pattern.hasSuffix("/Campaignfile") else { return nil }
    found.append((pattern, tree.source.site(path)))
  }
  return found
}
