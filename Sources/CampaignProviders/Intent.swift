import CampaignCore

/// A submission about to be made, with all that is needed to find it again if its answer never comes.
package struct Intent: Hashable, Sendable {
  package var model: String
  package var version: String?
  /// The model's input, with addresses in the place of files.
  package var input: JSON
  /// The addresses of the uploaded files, in the order of `paths(in:)`: no other attempt has them.
  package var files: [String]
  /// The server's clock before the submission.
  package var since: Timestamp

  package init(model: String, version: String?, input: JSON, files: [String], since: Timestamp) {
    self.model = model
    self.version = version
    self.input = input
    self.files = files
    self.since = since
  }

  /// Reads the checkpoint back; `native` is what the request says again on every run. Nil when it is no use.
  init?(_ data: JSON, request: ProviderRequest) {
    guard let since = data["since"]?.number, let native = request.native else { return nil }
    let files = (data["files"]?.array ?? []).compactMap(\.string)
    guard files.count == Self.paths(in: native).count else { return nil }
    self.init(native, of: request, files: files, since: Timestamp(since))
  }

  /// `native` with the addresses of its files.
  init(_ native: JSON, of request: ProviderRequest, files: [String], since: Timestamp) {
    let addresses = Dictionary(uniqueKeysWithValues: zip(Self.paths(in: native), files))
    self.init(
      model: request.model, version: request.version, input: Self.filled(native, with: addresses),
      files: files,
      since: since)
  }

  /// The body of the checkpoint. The input is left out: it stands in the request, and no mask may ever change
  /// it.
  var data: JSON {
    var members = [
      JSON.Member("model", .string(model)), JSON.Member("since", .decimal(since.seconds, places: 0)),
      JSON.Member("files", .array(files.map { .string($0) })),
    ]
    if let seed = input["seed"] { members.append(JSON.Member("seed", seed)) }
    return .object(members)
  }

  /// The paths that stand in `native` as `{"$file": PATH}`, each once, in order.
  package static func paths(in native: JSON) -> [String] {
    switch native {
    case .object(let members):
      if let path = native["$file"]?.string { return [path] }
      return members.reduce(into: []) { found, member in
        found += paths(in: member.value).filter { !found.contains($0) }
      }
    case .array(let elements):
      return elements.reduce(into: []) { found, element in
        found += paths(in: element).filter { !found.contains($0) }
      }
    case .null, .bool, .number, .string: return []
    }
  }

  /// `native` with an address for each file.
  package static func filled(_ native: JSON, with files: [String: String]) -> JSON {
    switch native {
    case .object(let members):
      if let path = native["$file"]?.string { return .string(files[path] ?? path) }
      return .object(members.map { JSON.Member($0.name, filled($0.value, with: files)) })
    case .array(let elements): return .array(elements.map { filled($0, with: files) })
    case .null, .bool, .number, .string: return native
    }
  }
}
