import Glibc

/// What `--color` says.
package enum ColorChoice: String, CaseIterable, Sendable { case auto, always, never }

/// What an output and the environment allow: colour, and a display that repaints itself.
package struct Surroundings: Sendable {
  package var isTerminal: Bool
  package var environment: [String: String]

  package init(isTerminal: Bool, environment: [String: String]) {
    self.isTerminal = isTerminal
    self.environment = environment
  }

  /// Asks the system about an open descriptor.
  package static func of(_ descriptor: Int32) -> Surroundings {
    var environment: [String: String] = [:]
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "TERM", "CI"]
      + CIService.variables
    {
      environment[name] = getenv(name).map { String(cString: $0) }
    }
    return Surroundings(isTerminal: isatty(descriptor) == 1, environment: environment)
  }

  /// `--color` > `NO_COLOR` > `CLICOLOR_FORCE`, `FORCE_COLOR` > `TERM=dumb` > is it a terminal?
  package func style(_ choice: ColorChoice) -> Style {
    switch choice {
    case .always: Style(isColored: true)
    case .never: Style(isColored: false)
    case .auto: Style(isColored: isColoredByDefault)
    }
  }

  private var isColoredByDefault: Bool {
    if has("NO_COLOR") { return false }
    if isOn("CLICOLOR_FORCE") || isOn("FORCE_COLOR") { return true }
    return isTerminal && environment["TERM"] != "dumb"
  }

  /// A terminal that can move its cursor, and a person before it.
  package var allowsRepainting: Bool { isTerminal && environment["TERM"] != "dumb" && !isOn("CI") }

  /// The service whose marks standard error may hold.
  package var service: CIService? { CIService.of(environment) }

  private func has(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
  private func isOn(_ name: String) -> Bool { has(name) && !["0", "false"].contains(environment[name]) }
}
