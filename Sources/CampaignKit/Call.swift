import CampaignCore
import CampaignEngine
import Glibc

/// A call of `campaign build` whose verdict may be kept: when the same call found everything current and no file has
/// changed since, there is nothing to do, and nothing has to be read to know that. `campaign plan` says so, too.
package struct Call: Sendable {
  /// The folder that it builds in.
  package private(set) var root = "."
  package private(set) var isQuiet = false
  package private(set) var isPlan = false
  /// Of what shapes the verdict beside files: this program, targets, profile, settings, the environment.
  let fingerprint: ContentHash

  /// Nil for calls that ask for more than to bring targets up to date and to say so.
  ///
  /// - Parameter arguments: without the name of the program.
  package init?(arguments: [String]) {
    var rest = arguments[...]
    var folders: [String] = []
    var kept: [String] = []
    if rest.first == "-C", rest.count > 2 {
      folders.append(rest.dropFirst().first!); rest = rest.dropFirst(2)
    }
    guard let command = rest.popFirst(), ["build", "plan"].contains(command) else { return nil }
    isPlan = command == "plan"
    while let argument = rest.popFirst() {
      switch argument {
      case "-C":
        guard let folder = rest.popFirst() else { return nil }
        folders.append(folder)
      case "-f", "--file", "--profile", "--set":
        guard let value = rest.popFirst() else { return nil }
        kept += [argument, value]
      case _ where isPlan && argument.hasPrefix("-"): return nil
      case "-j", "--jobs":
        guard let count = rest.popFirst().flatMap({ Int($0) }), count > 0 else { return nil }
      case "-k", "--keep-going", "--frozen": break
      case "--quiet": isQuiet = true
      case _ where argument.hasPrefix("-j") && (Int(argument.dropFirst(2)) ?? 0) > 0: break
      case _ where argument.hasPrefix("-"): return nil
      default: kept.append(argument)
      }
    }
    guard folders.count < 2 else { return nil }
    root = folders.first ?? "."
    fingerprint = Self.fingerprint(kept)
  }

  private static func fingerprint(_ arguments: [String]) -> ContentHash {
    var hasher = ContentHasher()
    hasher.append(Program.fingerprint([]))
    for argument in arguments { hasher.append(argument) }
    for (name, value) in campaignEnvironment().sorted(by: { $0.key < $1.key }) {
      hasher.append(name)
      hasher.append(value)
    }
    return hasher.finish()
  }

  /// How many targets are current, if nothing has changed since that was found. Nil: a build has to look, or runs.
  package func currentTargets() -> Int? {
    let state = StateFolder(root: root)
    guard let plan = PlanCache(path: state.plan), Workspace.isFree(state) else { return nil }
    if isPlan && !plan.holdsAllTraces { return nil }
    return plan.current(call: fingerprint, root: root)
  }
}
