import CampaignCore

/// Why nothing could be loaded, planned or built.
public enum CampaignError: Error, Hashable, Sendable {
  /// The Campaignfile has mistakes, or does not fit its workspace. All of them, not the first alone.
  case invalid([Mistake])
  /// Another build holds the workspace; says which.
  case locked(owner: String)
  /// The workspace cannot be read or written, in words.
  case file(String)

  init(_ error: InvalidCampaign) { self = .invalid(error.diagnostics.map(Mistake.init)) }

  init(_ error: BuildError) {
    switch error {
    case .invalid(let diagnostics): self = .invalid(diagnostics.map(Mistake.init))
    case .locked(let owner), .nested(let owner): self = .locked(owner: owner)
    case .file(let error): self = .file(error.description)
    }
  }

  var mistakes: [Mistake] {
    switch self {
    case .invalid(let mistakes): mistakes
    case .locked(let owner): [Mistake(message: "another build holds the workspace: \(owner)")]
    case .file(let words): [Mistake(message: words)]
    }
  }
}

/// A mistake in a Campaignfile, with its place and what to do about it.
public struct Mistake: Hashable, Sendable, CustomStringConvertible {
  /// E.g. `E0204`, which `campaign help E0204` explains; empty for what has none.
  public var code = ""
  public var message: String
  public var file: String?
  /// From 1.
  public var line: Int?
  public var column: Int?
  /// What to do.
  public var help: String?

  init(message: String) { self.message = message }

  init(_ diagnostic: Diagnostic) {
    (code, message, help) = (diagnostic.code, diagnostic.message, diagnostic.help)
    (file, line, column) = (diagnostic.site?.file, diagnostic.site?.line, diagnostic.site?.column)
  }

  /// `Campaignfile:14:5: unknown parameter …`.
  public var description: String {
    let place = file.map { "\($0):\(line ?? 1):\(column ?? 1): " } ?? ""
    return place + message + (help.map { " (\($0))" } ?? "")
  }
}
