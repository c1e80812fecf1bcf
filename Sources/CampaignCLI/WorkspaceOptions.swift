import ArgumentParser
import CampaignCore
import CampaignKit
import CampaignReporting
import Glibc

extension ColorChoice: ExpressibleByArgument {}

/// Where the campaign is and how it is read: the options of nearly every command.
struct WorkspaceOptions: ParsableArguments {
  @Option(
    name: .customShort("C", allowingJoined: true),
    parsing: .singleValue, help: ArgumentHelp("Work in another folder.", valueName: "dir"))
  var folders: [String] = []

  @Option(name: .shortAndLong, help: "The Campaignfile to read.")
  var file = "Campaignfile"

  @Option(help: "A profile of the Campaignfile to apply.")
  var profile: String?

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Override a setting; may be given again.", valueName: "name=value"))
  var overrides: [Override] = []

  @OptionGroup var look: LookOptions

  /// Enters the folder and reads the Campaignfile.
  func load() throws(Problem) -> Project {
    try enter()
    return try loadOne()
  }

  private func loadOne() throws(Problem) -> Project {
    if let members = try members(), let first = members.first {
      throw Problem(
        "`\(file)` only names other campaigns: \(Wording.list(members))",
        help: "`campaign build` builds all of them; name one for this: -C \(first)")
    }
    return try loadHere()
  }

  /// Enters the folder for what earlier builds left there, which no mistake in the Campaignfile hides.
  func archive() throws(Problem) -> Archive {
    try enter()
    let archive = Archive(root: ".")
    if !archive.exists { _ = try loadOne() }
    return archive
  }

  /// Reads the Campaignfile of the folder that we are in.
  func loadHere() throws(Problem) -> Project { try load(".") }

  /// The same by another profile.
  func loadHere(by profile: String) throws(Problem) -> Project {
    var other = self
    other.profile = profile
    return try other.loadHere()
  }

  /// The campaigns of a batch: those that `-C` names, or that the Campaignfile here does. Nil: it is about one alone.
  func loadBatch() throws(Problem) -> [Project]? {
    if folders.count < 2 { try enter() }
    guard let members = folders.count > 1 ? folders : try members() else { return nil }
    var projects: [Project] = []
    for folder in members { projects.append(try load(folder)) }
    return projects
  }

  private func members() throws(Problem) -> [String]? {
    var options = Project.Options()
    options.file = file
    do { return try Project.members(options) } catch { throw Problem(error) }
  }

  private func load(_ root: String) throws(Problem) -> Project {
    var options = Project.Options()
    options.root = root
    options.file = file
    options.profile = profile
    options.overrides = overrides.map { ($0.name, $0.value) }
    do { return try Project.load(options) } catch { throw Problem(error.inside(root)) }
  }

  func enter() throws(Problem) {
    if folders.count > 1 {
      throw Problem("this command works in one folder", help: "`campaign build` takes `-C` several times")
    }
    if let folder = folders.first { try Workspace.enter(folder) }
  }
}

extension InvalidCampaign {
  /// The same as seen from outside of its folder.
  fileprivate func inside(_ root: String) -> InvalidCampaign {
    guard root != "." else { return self }
    var error = self
    for index in error.diagnostics.indices {
      guard let file = error.diagnostics[index].site?.file else { continue }
      error.diagnostics[index].site?.file = root + "/" + file
    }
    return error
  }
}

/// How results look.
struct LookOptions: ParsableArguments {
  @Option(help: ArgumentHelp("When to use colour.", valueName: "when"))
  var color = ColorChoice.auto

  /// What a call asks for, read without parsing it: problems are told in colour, too.
  static func choice(in arguments: [String]) -> ColorChoice {
    for (index, argument) in arguments.enumerated() where argument.hasPrefix("--color") {
      let value = argument == "--color" ? arguments.dropFirst(index + 1).first : String(argument.dropFirst(8))
      if let choice = value.flatMap(ColorChoice.init(rawValue:)) { return choice }
    }
    return .auto
  }

  /// For results, on standard output.
  var style: Style { Surroundings.of(STDOUT_FILENO).style(color) }
}

/// A `name=value` of `--set`.
struct Override: ExpressibleByArgument {
  var name: String
  var value: String

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
    name = String(argument[..<sign])
    value = String(argument[argument.index(after: sign)...])
  }
}

/// The folder that the program works in.
enum Workspace {
  static func enter(_ folder: String) throws(Problem) {
    guard chdir(folder) == 0 || enterByBytes(folder) else {
      throw Problem(
        "cannot enter `\(folder)`: \(String(cString: strerror(errno)))", help: "`-C` takes a folder")
    }
  }

  /// Enters a folder whose name is no UTF-8 text: what Swift has put U+FFFD for is still in the argument as it was given.
  private static func enterByBytes(_ folder: String) -> Bool {
    guard folder.contains("\u{FFFD}") else { return false }
    return (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0] }.contains { argument in
      let text = String(cString: argument)
      return (text == folder && chdir(argument) == 0) || (text == "-C" + folder && chdir(argument + 2) == 0)
    }
  }
}
