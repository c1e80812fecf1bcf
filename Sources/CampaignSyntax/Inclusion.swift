import CampaignCore

/// Parses a file and those it includes, depth first, in the order of their text, each once.
struct Inclusion {
  private let request: LoadRequest
  private(set) var trees: [SyntaxTree] = []
  private(set) var mistakes = Mistakes()
  /// Files being read, outermost first.
  private var open: [(file: String, identity: String)] = []
  private var seen: Set<String> = []
  private var size = 0

  private static let deepest = 64
  private static let largest = 64 << 20

  init(_ request: LoadRequest) { self.request = request }

  /// Reads the Campaignfile. Returns false when there is none.
  mutating func read() -> Bool { read(request.file, request.identity(request.file)) }

  /// Returns false when there is no such file.
  private mutating func read(_ file: String, _ identity: String) -> Bool {
    guard let bytes = request.read(file) else { return false }
    seen.insert(identity)
    size += bytes.count
    if let problem = size > Self.largest ? Self.tooLarge : Self.unreadable(bytes) {
      mistakes.add("E0112", "`\(file)` \(problem)", at: nil, help: "a Campaignfile is plain UTF-8 text")
      return true
    }
    let (tree, found) = Parser.parse(SourceText(file: file, bytes: bytes))
    mistakes.add(found)
    open.append((file, identity))
    for case .include(let path) in tree.statements {
      include(tree.source.text(path), at: tree.source.site(path))
    }
    open.removeLast()
    trees.append(tree)
    return true
  }

  private static let tooLarge = "is larger than 64 MiB, with what it includes"

  static func unreadable(_ bytes: [UInt8]) -> String? {
    if bytes.count > largest { return tooLarge }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return "starts with a byte-order mark" }
    if bytes.contains(0) { return "holds a NUL byte" }
    return String(validating: bytes, as: UTF8.self) == nil ? "is not UTF-8" : nil
  }

  private mutating func include(_ path: String, at site: Site) {
    let file = (Files.folder(of: site.file).map { $0 + "/" } ?? "") + path
    let identity = request.identity(file)
    if let first = open.firstIndex(where: { $0.identity == identity }) {
      let loop = (open[first...].map(\.file) + [file]).joined(separator: " -> ")
      mistakes.add("E0113", "these files include each other: \(loop)", at: site)
    } else if open.count == Self.deepest {
      mistakes.add("E0113", "files include each other more than \(Self.deepest) deep", at: site)
    } else if !seen.contains(identity), !read(file, identity) {
      mistakes.add(
        "E0114", "there is no file `\(file)` to include", at: site,
        help: "paths are relative to the including file")
    }
  }
}
