import ArgumentParser
import CTemplates
import CampaignCore
import CampaignReporting

/// Writes the files of a first campaign.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a first Campaignfile.",
    discussion: """
      Nothing that is there is ever overwritten.

      Examples:
        campaign init
        campaign init villa --template lodging     a house to rent, in seven scenes
        campaign init talk --template minimal      the least that makes a film
      """)

  /// The Campaignfiles that come with the tool.
  enum Template: String, CaseIterable, ExpressibleByArgument { case property, lodging, generic, minimal }

  @Argument(help: "The folder of the campaign.")
  var folder = "."

  @Option(help: "What the film is about.")
  var template = Template.property

  func run() throws { Output.results.write(try makeCampaign()) }

  /// Writes what is missing and says so, a line for each file.
  func makeCampaign() throws(Problem) -> String {
    let place = folder == "." ? "" : folder + "/"
    do {
      try Files.makeFolder(place + "photos")
      let lines = [
        try write(place + "Campaignfile", template.bytes),
        try write(place + "brief.md", Array(Self.brief.utf8)),
        try write(place + "photos.csv", Array("file,description,tags\n".utf8)),
        try ignore(place + ".gitignore"),
      ]
      let lead = folder == "." ? "" : "cd \(folder), "
      return lines.joined() + "next: \(lead)put pictures into photos/, then run `campaign build`\n"
    } catch { throw Problem(error) }
  }

  private static let brief = """
    # Brief

    What the film should say, to whom, and in which mood. A few sentences are enough.

    """

  private func write(_ path: String, _ bytes: [UInt8]) throws(FileError) -> String {
    if Files.exists(path) { return "kept  \(path)\n" }
    try Files.write(bytes, to: path)
    return "wrote \(path)\n"
  }

  /// Adds what git must not see, unless it is there.
  private func ignore(_ path: String) throws(FileError) -> String {
    let text = Files.exists(path) ? try Files.text(path) : ""
    let lines = Set(text.split(separator: "\n"))
    let missing = ["build/", ".campaign/"].filter { !lines.contains($0[...]) && !lines.contains("/" + $0) }
    if missing.isEmpty { return "kept  \(path)\n" }
    let gap = text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
    try Files.write(text + gap + missing.joined(separator: "\n") + "\n", to: path)
    return "wrote \(path)\n"
  }
}

extension InitCommand.Template {
  fileprivate var bytes: [UInt8] {
    let source =
      switch self {
      case .property: campaign_template_property()
      case .lodging: campaign_template_lodging()
      case .generic: campaign_template_generic()
      case .minimal: campaign_template_minimal()
      }
    return Array(UnsafeBufferPointer(start: source.bytes, count: source.count))
  }
}
