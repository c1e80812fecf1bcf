import CampaignCore

/// Parses a file and those it includes, depth first, in the order of their text.
struct Inclusion {
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
      let force = site == nil ? "; `campaign build --force FILE` makes a file anew" : ""
      diagnostics.append(
        Diagnostic(
          "E0112", "`\(file)` \(problem)", at: nil, help: "a Campaignfile is plain UTF-8 text" + force))
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

  static func unreadable(_ bytes: [UInt8]) -> String? {
    if bytes.count > 64 << 20 { return "is larger than 64 MiB" }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return "starts with a byte-order mark" }
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
