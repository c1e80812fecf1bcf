import CampaignCore
import CampaignSyntax

extension Project {
  /// The folders of the campaigns that a Campaignfile names, if it does nothing else; nil: it is a campaign of its own,
  /// or there is none.
  package static func members(_ options: Options) throws(InvalidCampaign) -> [String]? {
    let path = options.root == "." ? options.file : options.root + "/" + options.file
    guard let bytes = try? Files.read(path),
      let members = CampaignSyntax.members(of: options.file, bytes: bytes)
    else {
      return nil
    }
    var folders: [String] = []
    for (pattern, site) in members {
      let found: [String]
      do throws(Glob.Failure) { found = try Glob(pattern).files(in: options.root) } catch {
        throw InvalidCampaign(diagnostics: [Diagnostic("E0422", error.message, at: site, help: error.help)])
      }
      guard !found.isEmpty else {
        throw InvalidCampaign(diagnostics: [
          Diagnostic(
            "E0407", "no file matches `\(pattern)`", at: site, help: "name the Campaignfiles of campaigns")
        ])
      }
      folders += found.compactMap(Files.folder).filter { !folders.contains($0) }
    }
    return folders
  }
}
