import CampaignCore
import CampaignEngine
import CampaignSyntax

/// `collect`: a manifest of the photos there are, with what a table says of them. Every photo is decoded once.
package struct Collect: BuiltInAction {
  package init() {}

  package let seesNames = true

  /// It is small, and with it a plan knows all that follows.
  package let isCostly = true

  package var schema: ActionSchema {
    ActionSchema(
      "collect", "list photos with their size, content, description and tags",
      parameters: [
        ParameterSchema("skip-broken", .flag, standard: "no", "leave out photos that cannot be read")
      ])
  }

  package func tools(_ parameters: [Parameter]) -> [Tool] { [.ffmpeg, .ffprobe] }

  package func perform(_ job: Job) throws(StepFailure) -> JobReport {
    let tables = job.inputs.filter { $0.path.lowercased().hasSuffix(".csv") }
    var notes: [String] = []
    let photos = try usable(job.inputs.filter { !tables.contains($0) }, notes: &notes, job: job)
    let captions = try Self.captions(of: photos, from: tables, notes: &notes, job: job)
    let ids = Self.ids(photos.map(\.input.path))
    let manifest = zip(photos, ids).map { photo, id in
      photo.entry(id: id, caption: captions[Files.name(of: photo.input.path)] ?? PhotoCaption())
    }
    do throws(FileError) {
      try Files.write(JSON.array(manifest).pretty, to: job.resolve(job.staged[0]))
    } catch { throw StepFailure(error) }
    return JobReport(notes: notes)
  }

  package func damage(of path: String) -> String? {
    JSON.damage(ofListAt: path, fields: ["id", "path", "hash", "width", "height", "tags", "description"])
  }

  // MARK: - Photos

  private struct Photo {
    var input: Job.Input
    var decoded: DecodedPhoto

    func entry(id: String, caption: PhotoCaption) -> JSON {
      .members([
        "id": .string(id), "path": .string(input.path), "hash": .string(input.hash.hex),
        "width": .int(decoded.size.width), "height": .int(decoded.size.height),
        "orientation": .int(decoded.orientation.code), "tags": .array(caption.tags.map { .string($0) }),
        "description": .string(caption.description),
      ])
    }
  }

  /// The photos that can be decoded; all others are named at once, in a failure or in a note.
  private func usable(
    _ inputs: [Job.Input], notes: inout [String], job: Job
  ) throws(StepFailure) -> [Photo] {
    var photos: [Photo] = []
    var problems: [String] = []
    let decoded = try job.twoAtOnce(inputs, counting: "photos") { input throws(StepFailure) in
      try job.decode(photo: input)
    }
    for (input, result) in zip(inputs, decoded) {
      switch result {
      case .success(let decoded): photos.append(Photo(input: input, decoded: decoded))
      case .failure(let problem): problems.append("`\(input.path)` \(problem.reason)")
      }
    }
    if !problems.isEmpty, !job.flag("skip-broken") {
      throw StepFailure(
        "\(Self.count(problems.count)) cannot be used: " + problems.joined(separator: "; "),
        help: "replace or remove what is broken, or write `skip-broken = yes` to leave it out")
    }
    notes += problems.map { "left out: \($0)" }
    guard photos.count >= 2 else {
      throw StepFailure(
        "a film needs two photos at least, and there \(photos.count == 1 ? "is one" : "is none")"
          + (problems.isEmpty ? "" : "; left out: " + problems.joined(separator: "; ")),
        help: "add photos that the rule's inputs match, e.g. photos/*.jpg")
    }
    return photos
  }

  private static func count(_ photos: Int) -> String { photos == 1 ? "1 photo" : "\(photos) photos" }

  /// The names of the files without their endings; of those that would be equal, later ones get a number.
  static func ids(_ paths: [String]) -> [String] {
    let names = paths.map { path in
      let name = Files.name(of: path)
      return name.lastIndex(of: ".").map { $0 > name.startIndex ? String(name[..<$0]) : name } ?? name
    }
    // Every plain name is taken by the first photo that has it, whatever numbers others need.
    var taken = Set(names)
    var seen: Set<String> = []
    return names.map { name in
      guard !seen.insert(name).inserted else { return name }
      var number = 2
      while !taken.insert("\(name)-\(number)").inserted { number += 1 }
      return "\(name)-\(number)"
    }
  }

  // MARK: - Tables

  /// What all tables say, by the name of the file.
  private static func captions(
    of photos: [Photo], from tables: [Job.Input], notes: inout [String], job: Job
  ) throws(StepFailure) -> [String: PhotoCaption] {
    var captions: [String: PhotoCaption] = [:]
    let names = Set(job.inputs.map { Files.name(of: $0.path) })
    for table in tables {
      let text = try job.contents(of: table.path)
      let found: [PhotoCaption.Row]
      do throws(CSV.Mistake) {
        found = try PhotoCaption.rows(CSV(text))
      } catch { throw StepFailure("`\(table.path)` line \(error.line): \(error.message)") }
      for row in found {
        let name = Files.name(of: row.file)
        if !names.contains(name) {
          notes.append("`\(table.path)` line \(row.line): there is no photo `\(row.file)`")
        } else if captions.updateValue(row.caption, forKey: name) != nil {
          throw StepFailure(
            "`\(table.path)` line \(row.line): `\(row.file)` has a line already", help: "keep one of the two")
        }
      }
    }
    return captions
  }
}

extension Job {
  /// The text of an input.
  func contents(of path: String) throws(StepFailure) -> String {
    do { return try Files.text(resolve(path)) } catch { throw StepFailure(error) }
  }
}
