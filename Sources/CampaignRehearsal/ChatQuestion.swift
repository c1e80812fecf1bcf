import CampaignCore

/// What a chat model is asked, and an answer that a sensible model could give.
struct ChatQuestion {
  let name: String
  private let schema: JSON
  private var text = ""
  private(set) var pictures = 0
  /// What a real model would stumble over.
  private(set) var problems: [String] = []

  init(_ body: JSON) {
    let format = body["response_format"]?["json_schema"]
    var schema = format?["schema"]
    for message in body["messages"]?.array ?? [] {
      if let words = message["content"]?.string { text += words + "\n" }
      for part in message["content"]?.array ?? [] {
        if let words = part["text"]?.string { text += words + "\n" }
        guard let url = part["image_url"]?["url"]?.string else { continue }
        pictures += 1
        let bytes = Base64.decoded(url.drop { $0 != "," }.dropFirst()) ?? []
        if !url.hasPrefix("data:image/jpeg;base64,") || !bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
          problems.append("a picture is no JPEG in a data URL")
        }
      }
    }
    if schema == nil, let start = text.firstRange(of: "JSON schema: ") {
      let rest = text[start.upperBound...].prefix { $0 != "\n" }
      schema = try? JSON.parse(Array(rest.utf8))
    }
    self.schema = schema ?? .object([])
    let lists = self.schema["properties"]
    name =
      format?["name"]?.string
      ?? (lists?["scenes"] != nil ? "rooms" : text.contains("\nCandidates:") ? "pairs" : "tour")
  }

  var textLength: Int { text.utf8.count }

  /// - Parameter fault: how the answer is to be wrong.
  func answer(fault: String?) -> JSON {
    switch name {
    case "rooms": return rooms()
    case "pairs": return .members(["pairs": .array(broken(pairs(), by: fault))])
    default: return .members(["pairs": .array(broken(tour(), by: fault))])
    }
  }

  private func broken(_ pairs: [JSON], by fault: String?) -> [JSON] {
    guard case .object(var members)? = pairs.first else { return pairs }
    switch fault {
    case "unknown_ids":
      members = members.map { $0.name == "first" ? .init("first", .string("no-such-photo")) : $0 }
    case "dup_ids":
      let first = members.first { $0.name == "first" }?.value ?? .null
      members = members.map { $0.name == "last" ? .init("last", first) : $0 }
    case "wrong_count": return Array(pairs.dropLast())
    default: return pairs
    }
    return [.object(members)] + pairs.dropFirst()
  }

  // MARK: - Answers

  /// Lines `- NAME: rest` below a heading.
  private func lines(below heading: String) -> [(name: String, rest: String)] {
    guard let start = text.firstRange(of: heading + "\n") else { return [] }
    return text[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { $0.hasPrefix("- ") }.compactMap { line in
        guard let colon = line.firstRange(of: ": ") else { return nil }
        return (String(line[..<colon.lowerBound].dropFirst(2)), String(line[colon.upperBound...]))
      }
  }

  /// The photos in the order in which they are shown: lines `photo ID: words`.
  private var photos: [(id: String, words: Set<String>)] {
    text.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("photo "), let id = ids.first(where: { line.hasPrefix("photo \($0):") }) else {
        return nil
      }
      return (id, Self.words(String(line.dropFirst("photo ".count))))
    }
  }

  /// All photos, as the schema lists them; of two that begin alike the longer one first.
  private var ids: [String] {
    let list = schema["properties"]?["pairs"] ?? schema["properties"]?["scenes"]
    let fields = list?["items"]?["properties"]
    let id = fields?["first"] ?? fields?["photos"]?["items"]
    return (id?["enum"]?.array ?? []).compactMap(\.string).sorted { $0.count > $1.count }
  }

  /// The photos that a list names, whatever stands between them.
  private func photos(in list: String) -> [String] {
    var (found, rest) = ([String](), list[...])
    while !rest.isEmpty {
      if let id = ids.first(where: rest.hasPrefix) {
        found.append(id)
        rest = rest.dropFirst(id.count)
      } else {
        rest = rest.dropFirst()
      }
    }
    return found
  }

  private static func words(_ text: String) -> Set<String> {
    Set(text.lowercased().split { !$0.isLetter }.map(String.init).filter { $0.count > 2 })
  }

  /// Each photo goes to the scene that it shares most words with; where that leaves a scene with less than two, others
  /// give up some of theirs.
  private func rooms() -> JSON {
    let scenes = lines(below: "Scenes:").map { (name: $0.name, words: Self.words($0.rest + " " + $0.name)) }
    var chosen: [String: [String]] = [:]
    for photo in photos {
      let best = scenes.max { one, other in
        (one.words.intersection(photo.words).count, -(chosen[one.name]?.count ?? 0))
          < (other.words.intersection(photo.words).count, -(chosen[other.name]?.count ?? 0))
      }
      if let best { chosen[best.name, default: []].append(photo.id) }
    }
    let count = { (name: String) in chosen[name]?.count ?? 0 }
    while let poor = scenes.first(where: { count($0.name) < 2 }),
      let rich = scenes.max(by: { count($0.name) < count($1.name) }), count(rich.name) > 2
    {
      chosen[poor.name, default: []].append(chosen[rich.name]!.removeLast())
    }
    return .members([
      "scenes": .array(
        scenes.map { scene in
          .members([
            "scene": .string(scene.name),
            "photos": .array((chosen[scene.name] ?? []).map { .string($0) }),
          ])
        })
    ])
  }

  private func pairs() -> [JSON] {
    lines(below: "Candidates:").compactMap { line in
      let ids = photos(in: line.rest)
      guard ids.count > 1 else { return nil }
      return .members([
        "scene": .string(line.name), "first": .string(ids[0]), "last": .string(ids[1]),
        "score": .number("0.9"),
        "reason": .string("the same place from two sides"),
      ])
    }
  }

  private func tour() -> [JSON] {
    let wanted = lines(after: "Pairs wanted: ") ?? 1
    let ids = photos.map(\.id)
    return (0..<min(wanted, ids.count / 2)).map { index in
      .members([
        "first": .string(ids[2 * index]), "last": .string(ids[2 * index + 1]),
        "prompt": .string("Slowly from the first view to the second."), "score": .number("0.8"),
        "reason": .string("they follow each other"),
      ])
    }
  }

  private func lines(after start: String) -> Int? {
    text.firstRange(of: start).flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
  }
}
