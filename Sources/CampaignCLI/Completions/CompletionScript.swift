/// A shell's completion of `campaign`: commands and options are written down, names are asked for with
/// `campaign complete`.
struct CompletionScript: Sendable {
  let outline: CommandOutline

  // MARK: - bash

  var bash: String {
    """
    # bash completion for campaign(1)
    _campaign() {
      local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= kind= words= i
      for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
          -C) ((i++)) ;;
          -*) ;;
          *) command=${COMP_WORDS[i]}; break ;;
        esac
      done
      case $command in
        '') words='\(outline.commands.map(\.name).joined(separator: " ")) help' ;;
    \(outline.commands.map(Self.bashCommand).joined())    help) kind=codes words='\(outline.commands.map(\.name).joined(separator: " "))' ;;
      esac
      case "$command $prev" in
    \(outline.commands.flatMap(Self.bashValues).joined())  esac
      COMPREPLY=()
      case $kind in
        files) COMPREPLY=($(compgen -f -- "$cur")) ;;
        folders) COMPREPLY=($(compgen -d -- "$cur")) ;;
        ?*) [[ $cur == -* ]] || COMPREPLY=($(compgen -W "$(campaign complete "$kind" -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null | cut -f1)" -- "$cur")) ;;
      esac
      COMPREPLY+=($(compgen -W "$words" -- "$cur"))
    }
    complete -o filenames -o nosort -F _campaign campaign

    """
  }

  private static func bashCommand(_ command: CommandOutline.Command) -> String {
    let options = command.options.flatMap(\.names).joined(separator: " ")
    let kind = command.arguments.first.flatMap { $0 }.map(bashKind) ?? ""
    return
      "    \(command.name)) \(kind)words=\"$words\(extra(command)) $([[ $cur == -* ]] && echo '\(options)')\" ;;\n"
  }

  /// Words that a command takes as its argument.
  private static func extra(_ command: CommandOutline.Command) -> String {
    if case .words(let words)?? = command.arguments.first { " " + words.joined(separator: " ") } else { "" }
  }

  private static func bashKind(_ value: CommandOutline.Value) -> String {
    switch value {
    case .known(let kind): "kind=\(kind.rawValue) "
    case .file: "kind=files "
    case .folder: "kind=folders "
    case .words, .free: ""
    }
  }

  private static func bashValues(_ command: CommandOutline.Command) -> [String] {
    command.options.compactMap { option in
      guard let value = option.value else { return nil }
      let pattern = option.names.map { "'\(command.name) \($0)'" }.joined(separator: "|")
      if case .words(let words) = value {
        return "    \(pattern)) kind= words='\(words.joined(separator: " "))' ;;\n"
      }
      let kind = bashKind(value)
      return "    \(pattern)) words= \(kind.isEmpty ? "kind=" : kind);;\n"
    }
  }

  // MARK: - zsh

  var zsh: String {
    """
    #compdef campaign
    # zsh completion for campaign(1)
    _campaign_known() {
      local -a found
      local name state
      while IFS=$'\\t' read -r name state; do
        found+=("${name//:/\\\\:}${state:+:$state}")
      done < <(campaign complete $1 -- ${(Q)typed[2,at-1]} 2>/dev/null)
      _describe -V $1 found
    }
    _campaign() {
      local curcontext=$curcontext state line
      local -a commands typed=("${words[@]}")
      local at=$CURRENT
      commands=(
    \(outline.commands.map { "    '\(Self.quoted($0.name)):\(Self.quoted($0.abstract))'\n" }.joined())    'help:explain a command, or an error by its code'
      )
      _arguments -C '*-C[work in another folder]:folder:_directories' '1: :->command' '*:: :->rest'
      case $state in
        command) _describe -V command commands ;;
        rest)
          case $line[1] in
    \(outline.commands.map(Self.zshCommand).joined())        help) _campaign_known codes ;;
          esac ;;
      esac
    }
    _campaign "$@"

    """
  }

  private static func zshCommand(_ command: CommandOutline.Command) -> String {
    var lines = command.options.flatMap { option in
      option.names.map { name in
        let value = option.value.map { ":\(label($0)):\(zshValue($0))" } ?? ""
        return "'*\(name)[\(quoted(option.abstract))]\(value)'"
      }
    }
    if let argument = command.arguments.first.flatMap({ $0 }) {
      lines.append("'*:\(label(argument)):\(zshValue(argument))'")
    }
    let list = lines.map { "\n            \($0)" }.joined(separator: " \\")
    return "        \(command.name)) _arguments \\\(list) ;;\n"
  }

  private static func label(_ value: CommandOutline.Value) -> String {
    switch value {
    case .known(let kind): String(kind.rawValue.dropLast())
    case .words: "word"
    case .file: "file"
    case .folder: "folder"
    case .free: "value"
    }
  }

  private static func zshValue(_ value: CommandOutline.Value) -> String {
    switch value {
    case .known(let kind): " _campaign_known \(kind.rawValue)"
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .file: "_files"
    case .folder: "_directories"
    case .free: " "
    }
  }

  /// For a word in single quotes that is split at colons and brackets.
  private static func quoted(_ text: String) -> String {
    text.replacing("'", with: "'\\''").replacing(":", with: "\\:").replacing("[", with: "\\[")
      .replacing("]", with: "\\]").replacing("`", with: "")
  }

  // MARK: - fish

  var fish: String {
    let commands = outline.commands.map(\.name).joined(separator: " ")
    return """
      # fish completion for campaign(1)
      complete -c campaign -f
      complete -c campaign -s C -xa '(__fish_complete_directories)' -d 'Work in another folder'
      set -l commands \(commands) help

      """
        + outline.commands.map {
          "complete -c campaign -n \"not __fish_seen_subcommand_from $commands\" -a \($0.name) -d '\(Self.fishQuoted($0.abstract))'\n"
        }.joined() + outline.commands.map(Self.fishCommand).joined()
        + "complete -c campaign -n '__fish_seen_subcommand_from help' -a '(campaign complete codes)'\n"
  }

  private static func fishCommand(_ command: CommandOutline.Command) -> String {
    let head = "complete -c campaign -n '__fish_seen_subcommand_from \(command.name)'"
    var text = command.options.map { option in
      let names = option.names.map { $0.hasPrefix("--") ? " -l \($0.dropFirst(2))" : " -s \($0.dropFirst())" }
      let value = option.value.map { " " + fishValue($0) } ?? ""
      return "\(head)\(names.joined())\(value) -d '\(fishQuoted(option.abstract))'\n"
    }.joined()
    if let argument = command.arguments.first.flatMap({ $0 }), argument != .free {
      text += "\(head) \(fishValue(argument).replacing("-xa", with: "-a").replacing("-r -F", with: "-F"))\n"
    }
    return text
  }

  private static func fishValue(_ value: CommandOutline.Value) -> String {
    switch value {
    case .known(let kind): "-xa '(campaign complete \(kind.rawValue) -- (commandline -opc)[2..] 2>/dev/null)'"
    case .words(let words): "-xa '\(words.joined(separator: " "))'"
    case .file: "-r -F"
    case .folder: "-xa '(__fish_complete_directories)'"
    case .free: "-x"
    }
  }

  private static func fishQuoted(_ text: String) -> String { text.replacing("'", with: "\\'") }
}
