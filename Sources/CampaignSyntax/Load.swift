import CampaignCore

/// What `load` has to go by.
package struct LoadRequest {
  /// The Campaignfile, relative to the workspace.
  package var file: String
  /// Reads a file of the workspace; nil: there is none.
  package var read: (String) -> [UInt8]?
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
  guard inclusion.read(request.file, from: nil) else {
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
  let campaign = evaluator.evaluate()
  let diagnostics = inclusion.diagnostics + evaluator.diagnostics
  let hasErrors = diagnostics.contains { $0.severity == .error }
  return (hasErrors ? nil : campaign, sorted(diagnostics))
}

private func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
  diagnostics.enumerated().sorted { left, right in
    let (one, other) = (left.element.site, right.element.site)
    return (one?.file ?? "", one?.line ?? 0, one?.column ?? 0, left.offset)
      < (other?.file ?? "", other?.line ?? 0, other?.column ?? 0, right.offset)
  }.map(\.element)
}

/// Parses a file and those it includes, depth first, in the order of their text.
private struct Inclusion {
  private let request: LoadRequest
  private(set) var trees: [SyntaxTree] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// Files being read, outermost first.
  private var open: [String] = []

  init(_ request: LoadRequest) { self.request = request }

  /// Returns false when there is no such file.
  mutating func read(_ file: String, from site: Site?) -> Bool {
    guard let bytes = request.read(file) else { return false }
    let source = SourceText(file: file, bytes: bytes)
    if let problem = Self.unreadable(bytes) {
      diagnostics.append(
        Diagnostic("E0112", "`\(file)` \(problem)", at: nil, help: "a Campaignfile is UTF-8 text"))
      return true
    }
    let (tree, mistakes) = Parser.parse(source)
    diagnostics += mistakes
    open.append(file)
    for case .include(let path) in tree.statements { include(source.text(path), at: source.site(path)) }
    open.removeLast()
    trees.append(tree)
    return true
  }

  private static func unreadable(_ bytes: [UInt8]) -> String? {
    if bytes.count > 64 << 20 { return "is larger than 64 MiB" }
    if bytes.contains(0) { return "holds a NUL byte" }
    return String(validating: bytes, as: UTF8.self) == nil ? "is not UTF-8" : nil
  }

  private mutating func include(_ path: String, at site: Site) {
    let file = (Files.folder(of: site.file).map { $0 + "/" } ?? "") + path
    if open.contains(file) {
      let loop = (open.drop { $0 != file } + [file]).joined(separator: " -> ")
      diagnostics.append(Diagnostic("E0113", "these files include each other: \(loop)", at: site))
    } else if !read(file, from: site) {
      diagnostics.append(
        Diagnostic(
          "E0114", "there is no file `\(file)` to include", at: site,
          help: "paths are relative to the including file"))
    }
  }
}
