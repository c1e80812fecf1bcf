import CampaignCore
import CampaignEngine
import CampaignKit
import CampaignReporting
import Glibc

/// One campaign with what is remembered of it between requests: its live state, its pages, the files that it knows.
final class ServedCampaign: Sendable {
  let id: String
  /// Relative to the served folder.
  let folder: String
  /// Absolute.
  let root: String
  let archive: Archive
  let tags = ContentTags()
  let media = MediaTable()
  let wire: Wire
  /// The overview by profile, as it was computed last, and when that began.
  private let overviews = Guarded<[String: (JSON, Int64)]>([:])
  /// Paths of files that plans have named.
  private let known = Guarded<Set<String>>([])

  init(id: String, folder: String, root: String) {
    self.id = id
    self.folder = folder
    self.root = root
    archive = Archive(root: root, remembers: true)
    wire = Wire(state: StateFolder(root: root))
  }

  func project(profile: String? = nil, settings: [(name: String, value: String)] = []) throws(Refusal)
    -> Project
  {
    var options = Project.Options()
    options.root = root
    options.profile = profile
    options.overrides = settings
    do { return try Project.load(options) } catch { throw Refusal(error) }
  }

  func run(named name: String) throws(Refusal) -> Run {
    do { return try archive.run(named: name) } catch {
      throw Refusal(.notFound, "there is no build `\(name)`")
    }
  }

  /// Where this server serves a file of it.
  func url(_ path: String, as kind: String = "files") -> String {
    "/api/v1/campaigns/\(Self.escaped(id))/\(kind)/\(Self.escaped(path))"
  }

  /// Its folder as a command line names it; empty when it is the served one.
  var place: String { folder == "." ? "" : " -C " + Self.quoted(folder) }

  /// The same with a profile.
  func options(profile: String?) -> String {
    place + (profile.map { " --profile " + Self.quoted($0) } ?? "")
  }

  // MARK: - The overview

  /// Many pages ask at once when something has happened: those that wait here get the same answer, which is none from
  /// before they asked.
  func overview(profile: String?) throws -> JSON {
    let asked = Self.now
    return try overviews.withLock { overviews in
      if let (document, begun) = overviews[profile ?? ""], begun >= asked { return document }
      let begun = Self.now
      let document = try compute(profile)
      overviews[profile ?? ""] = (document, begun)
      return document
    }
  }

  private func compute(_ profile: String?) throws -> JSON {
    do { return try Overview(self, profile: profile).json } catch let mistaken as Mistaken {
      return mistaken.json
    }
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  // MARK: - Files

  func learn(_ plan: Plan, _ project: Project) {
    let (outputs, inputs) = (Set(plan.entries.flatMap(\.outputs)), Set(plan.entries.flatMap(\.inputs)))
    let sources = inputs.union(project.sources)
    // It only grows: plans of several profiles take turns, and another list is news to all who listen.
    wire.watched.withLock { $0 = sources.subtracting(outputs).union($0).sorted() }
    known.withLock {
      $0.formUnion(sources)
      $0.formUnion(outputs)
      $0.formUnion(project.reviews(of: plan).compactMap(\.sheet))
    }
  }

  /// Files that the overview shows though no plan names them.
  func learn(_ paths: [String]) { known.withLock { $0.formUnion(paths) } }

  /// The absolute path of a file that the campaign knows. Throws for all others, and for what leads out of it.
  func locate(_ path: String) throws(Refusal) -> String {
    if !known.withLock({ $0.contains(path) }) {
      let project = try project()
      if let plan = try? project.plan(Project.Request()) { learn(plan, project) }
      guard known.withLock({ $0.contains(path) }) else { throw .unknown }
    }
    return try inside(root + "/" + path)
  }

  /// The real path of a file in this workspace.
  func inside(_ path: String) throws(Refusal) -> String {
    guard let real = realpath(path, nil) else { throw .unknown }
    defer { free(real) }
    let text = String(cString: real)
    guard text.hasPrefix(root + "/"), FileStamp.of(text) != nil else { throw .unknown }
    return text
  }

  // MARK: - Text

  /// Each part of a path for an address.
  static func escaped(_ path: String) -> String {
    path.utf8.map { byte in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "/._-~".utf8.contains(byte)
      let digits = String(byte, radix: 16, uppercase: true)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.utf8.count == 1 ? "0" : "") + digits
    }.joined()
  }

  /// An argument as a shell takes it.
  static func quoted(_ argument: String) -> String {
    let isPlain = !argument.isEmpty && argument.wholeMatch(of: /[A-Za-z0-9_.,:=@%+\/-]+/) != nil
    return isPlain ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
  }
}
