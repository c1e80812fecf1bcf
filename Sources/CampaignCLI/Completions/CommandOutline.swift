import CampaignCore

/// The commands of this program with their options, as the argument parser knows them: what completions are made from.
struct CommandOutline: Sendable {
  struct Command: Sendable {
    var name: String
    var abstract: String
    var options: [Option] = []
    /// What the arguments without a name are, in order; the last one may repeat.
    var arguments: [Value?] = []
  }

  struct Option: Sendable {
    /// E.g. `--force`, `-B`.
    var names: [String]
    var abstract: String
    /// What it takes; nil for a flag.
    var value: Value?
  }

  /// What can be completed.
  enum Value: Hashable, Sendable {
    /// `campaign complete KIND` lists them.
    case known(Kind)
    case words([String])
    case file
    case folder
    /// Something that nobody can guess.
    case free
  }

  enum Kind: String, CaseIterable, Sendable { case targets, profiles, builds, pools, takes, settings, codes }

  var commands: [Command]

  /// Reads what `--experimental-dump-help` prints.
  init(_ dump: JSON) {
    commands = (dump["command"]?["subcommands"]?.array ?? []).filter {
      $0["shouldDisplay"]?.bool != false && $0["commandName"]?.string != "help"
    }.map(Command.init)
  }
}

extension CommandOutline.Command {
  fileprivate init(_ json: JSON) {
    self.init(name: json["commandName"]?.string ?? "", abstract: json["abstract"]?.string ?? "")
    for argument in json["arguments"]?.array ?? [] where argument["shouldDisplay"]?.bool != false {
      let value = CommandOutline.Value(argument, of: name)
      guard argument["kind"]?.string != "positional" else {
        arguments.append(value)
        continue
      }
      let names = (argument["names"]?.array ?? []).map { name in
        (name["kind"]?.string == "short" ? "-" : "--") + (name["name"]?.string ?? "")
      }
      let isFlag = argument["kind"]?.string == "flag"
      options.append(
        .init(names: names, abstract: argument["abstract"]?.string ?? "", value: isFlag ? nil : value))
    }
  }
}

extension CommandOutline.Value {
  /// What a value is shows in its name.
  fileprivate init(_ json: JSON, of command: String) {
    if let words = json["allValues"]?.array?.compactMap(\.string), !words.isEmpty {
      self = .words(words)
      return
    }
    switch json["valueName"]?.string ?? "" {
    case "target", "targets", "force": self = .known(.targets)
    case "profile", "left", "right": self = .known(.profiles)
    case "build": self = .known(.builds)
    case "pool": self = .known(.pools)
    case "take", "takes": self = .known(.takes)
    case "name=value": self = .known(.settings)
    case "dir", "folder": self = .folder
    case "file", "script": self = .file
    default: self = command == "help" ? .known(.codes) : .free
    }
  }
}
