import ArgumentParser
import CampaignCore
import CampaignKit
import CampaignReporting

/// Lists or removes what the store keeps and nothing counts on.
struct GcCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "List what of the store could go, by age and size, or remove it with -y.",
    discussion: """
      Earlier results of free steps, parts of films, and rubbish. What is bought
      stays, unless `--paid` is given; and the take that counts for a target stays
      in any case, unless it is named.

      Examples:
        campaign gc                              what is older than 30 days
        campaign gc --max-size 2GB -y            the oldest, until so much is left
        campaign gc --paid --older-than 90d      takes that do not count, too
        campaign gc 'build/clips/hook.mp4#1' -y  a certain take
      """)

  @Argument(help: ArgumentHelp("Takes to remove, each as TARGET#NUMBER.", valueName: "take"))
  var takes: [NamedTake] = []

  @Option(help: ArgumentHelp("Only what is older, e.g. 30d, 12h or 0d.", valueName: "age"))
  var olderThan: Age?

  @Option(help: ArgumentHelp("The oldest until so much is left, e.g. 2GB.", valueName: "size"))
  var maxSize: ByteCount?

  @Flag(help: "Bought takes that do not count, too.")
  var paid = false

  @Flag(name: .shortAndLong, help: "Remove it.")
  var yes = false

  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Print it as JSON.")
  var json = false

  func validate() throws {
    if olderThan != nil && maxSize != nil {
      throw ValidationError("`--older-than` and `--max-size` exclude each other")
    }
  }

  func run() throws {
    let project = try workspace.load()
    var request = CollectionRequest()
    if let olderThan { request.age = olderThan.seconds }
    // Who names takes wants these and nothing else.
    if !takes.isEmpty && olderThan == nil && maxSize == nil { request.age = .max }
    request.size = maxSize?.bytes
    request.includesPaid = paid
    request.named = takes.map { ($0.target, $0.number) }
    do throws(BuildError) {
      let items = try project.collectables(request)
      if yes { try project.collect(items) }
      Output.results.write(json ? self.json(items).pretty : text(items))
    } catch { throw Problem(error) }
  }

  private func text(_ items: [Collectable]) -> String {
    if items.isEmpty { return "nothing to remove\n" }
    let list = items.map { item in
      "\(Day(seconds: item.date))  \(TextWidth.pad(Wording.size(item.size), to: 9))  \(item.words)"
        + (item.isCurrent ? ": the one that counts\n" : "\n")
    }.joined()
    let price = items.compactMap(\.price).reduce(Money.zero, +)
    let total =
      "\(Wording.count(items.count, "file")), \(Wording.size(items.reduce(0) { $0 + $1.size }))"
      + (price == .zero ? "" : ", which cost \(price)")
    return list + (yes ? "removed \(total)\n" : "\(total); nothing was removed: add `-y` to remove them\n")
  }

  private func json(_ items: [Collectable]) -> JSON {
    .members([
      "v": .int(1), "removed": .bool(yes),
      "files": .array(
        items.map { item in
          .members([
            "path": .string(item.path), "bytes": .int(item.size), "date": .string(Moment(item.date).iso),
            "what": .string(item.words), "usd": item.price?.json ?? .null, "current": .bool(item.isCurrent),
          ])
        }),
    ])
  }
}

/// A take as `gc` takes it: `build/clips/hook.mp4#2`.
struct NamedTake: ExpressibleByArgument {
  var target: String
  var number: Int

  init?(argument: String) {
    guard let sign = argument.lastIndex(of: "#"), let number = Int(argument[argument.index(after: sign)...])
    else { return nil }
    self.target = String(argument[..<sign])
    self.number = number
  }
}

/// `30d`, `12h`, `2w`.
struct Age: ExpressibleByArgument {
  var seconds: Int64

  init?(argument: String) {
    let units: [Character: Int64] = ["h": 3600, "d": 86_400, "w": 604_800]
    guard let unit = argument.last.flatMap({ units[$0] }), let count = Int64(argument.dropLast()),
      (0...10_000).contains(count)
    else { return nil }
    seconds = count * unit
  }
}

/// `500MB`, `2GB`, `1.5GB`.
struct ByteCount: ExpressibleByArgument {
  var bytes: Int64

  init?(argument: String) {
    let units = ["kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12]
    guard let unit = units[String(argument.suffix(2))], let count = Double(argument.dropLast(2)),
      (0...100_000).contains(count)
    else { return nil }
    bytes = Int64(count * unit)
  }
}
