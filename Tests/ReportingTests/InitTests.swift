import CampaignCore
import Glibc
import Testing

@testable import CampaignCLI

@Suite struct InitTests {
  /// A folder that goes away with the test.
  private func withFolder(_ body: (String) throws -> Void) throws {
    var name = Array("/tmp/campaign-init-XXXXXX".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&name)))
    defer { Files.remove(folder) }
    try body(folder)
  }

  private func initialize(_ arguments: String...) throws -> String {
    let command = try CampaignCommand.parseAsRoot(["init"] + arguments)
    return try #require(command as? InitCommand).makeCampaign()
  }

  @Test func writesAFirstCampaign() throws {
    try withFolder { folder in
      let text = try initialize(folder + "/villa")
      #expect(
        text == """
          wrote \(folder)/villa/Campaignfile
          wrote \(folder)/villa/brief.md
          wrote \(folder)/villa/photos.csv
          wrote \(folder)/villa/.gitignore
          next: cd \(folder)/villa, put pictures into photos/, then run `campaign build`

          """)
      #expect(Files.names(in: folder + "/villa/photos").isEmpty)
      #expect(try Files.text(folder + "/villa/.gitignore") == "build/\n.campaign/\n")
    }
  }

  @Test func neverOverwrites() throws {
    try withFolder { folder in
      for name in ["Campaignfile", "brief.md", "photos.csv"] {
        try Files.write("mine", to: "\(folder)/\(name)")
      }
      try Files.write("*.tmp\nbuild/", to: folder + "/.gitignore")
      let text = try initialize(folder, "--template", "generic")
      #expect(
        text.contains("kept  \(folder)/Campaignfile\nkept  \(folder)/brief.md\nkept  \(folder)/photos.csv\n"))
      for name in ["Campaignfile", "brief.md", "photos.csv"] {
        #expect(try Files.text("\(folder)/\(name)") == "mine")
      }
      #expect(try Files.text(folder + "/.gitignore") == "*.tmp\nbuild/\n.campaign/\n")
    }
  }

  @Test(arguments: ["property", "lodging", "generic"]) func embedsEachTemplate(name: String) throws {
    try withFolder { folder in
      _ = try initialize(folder, "--template", name)
      #expect(try Files.text(folder + "/Campaignfile").contains("\ncampaign "))
    }
  }
}
