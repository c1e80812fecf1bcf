import CPlatform
import CampaignActions
import CampaignCore
import CampaignReporting
import Glibc

/// What this machine has of all that a campaign needs.
enum Doctor {
  /// One line of the answer.
  struct Finding {
    var name: String
    var isGood: Bool
    /// What was found, or what is wrong.
    var detail: String
    /// What to do when it is not good.
    var help = ""

    func text(_ style: Style) -> String {
      let mark = isGood ? style("✓", .good) : style("✗", .bad)
      let line = "\(mark) \(name)\(String(repeating: " ", count: max(1, 12 - name.count)))\(detail)\n"
      return isGood ? line : line + "              \(help)\n"
    }

    var json: JSON {
      .members([
        "name": .string(name), "good": .bool(isGood), "detail": .string(detail),
        "help": isGood ? .null : .string(help),
      ])
    }
  }

  static func examine() -> [Finding] {
    [
      program(.ffmpeg, "-version"), program(.ffprobe, "-version"),
      abilities("filters", filters), abilities("encoders", encoders),
      program(.fluidsynth, "--version"), soundfont, provider, keys, disk, folder,
      clock,
    ]
  }

  private static let filters = [
    "acrossfade", "afade", "alimiter", "apad", "aresample", "atrim", "concat", "crop", "ebur128", "fade",
    "format",
    "fps", "gblur", "loop", "loudnorm", "overlay", "pad", "perspective", "scale", "setpts", "setsar", "settb",
    "transpose", "trim", "volume", "xfade", "zoompan",
  ]
  private static let encoders = ["aac", "libx264", "mjpeg", "pcm_s16le", "png"]

  private static func program(_ tool: Tool, _ option: String) -> Finding {
    let (name, help) = (tool.rawValue, "apt install \(tool.package)")
    if let obstacle = tool.obstacle {
      return Finding(name: name, isGood: false, detail: obstacle, help: help)
    }
    guard let text = output([name, option]) else {
      return Finding(name: name, isGood: false, detail: "is there, but cannot be run", help: help)
    }
    let words = text.prefix { $0 != "\n" }.split(separator: " ")
    let version = words.first { $0.contains { $0.isNumber } } ?? "found"
    return Finding(name: name, isGood: true, detail: String(version))
  }

  /// Compares with what `ffmpeg -filters` or `-encoders` lists: the second word of each line.
  private static func abilities(_ kind: String, _ needed: [String]) -> Finding {
    guard let list = output(["ffmpeg", "-hide_banner", "-\(kind)"]) else {
      return Finding(
        name: kind, isGood: false, detail: "not known without ffmpeg", help: "apt install ffmpeg")
    }
    return compare(kind, needed, with: list)
  }

  static func compare(_ kind: String, _ needed: [String], with list: String) -> Finding {
    let names = Set(list.split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst().first })
    let missing = needed.filter { !names.contains($0[...]) }
    if missing.isEmpty {
      return Finding(name: kind, isGood: true, detail: "all \(needed.count) that are needed")
    }
    return Finding(
      name: kind, isGood: false, detail: "missing: \(missing.joined(separator: ", "))",
      help: "apt install ffmpeg, and see that no reduced ffmpeg comes before it in PATH")
  }

  private static var soundfont: Finding {
    let folders = ["/usr/share/sounds/sf2", "/usr/share/sounds/sf3", "/usr/share/soundfonts"]
    let found = folders.lazy.flatMap { folder in
      Files.names(in: folder).filter { $0.hasSuffix(".sf2") || $0.hasSuffix(".sf3") }.map {
        folder + "/" + $0
      }
    }.first
    return Finding(
      name: "soundfont", isGood: found != nil, detail: found ?? "none in \(folders[0])",
      help: "apt install fluid-soundfont-gm")
  }

  /// What talks to providers; a campaign that is made on this machine does without.
  private static var provider: Finding {
    let path = ProviderProgram.beside("campaign-provider")
    let isThere = output(["sh", "-c", "command -v '\(path)'"]) != nil
    return Finding(
      name: "provider", isGood: true, detail: isThere ? path : "not installed: only `local` works", help: "")
  }

  /// Which keys are there; never what they are.
  private static var keys: Finding {
    let names = [
      "XAI_API_KEY", "REPLICATE_API_TOKEN", "OPENAI_API_KEY", "OPENROUTER_API_KEY", "GEMINI_API_KEY",
    ]
    let found = names.filter { getenv($0) != nil }
    var status = stat()
    if let path = Secrets.keysFile, lstat(path, &status) == 0, status.st_mode & 0o077 != 0 {
      return Finding(
        name: "keys", isGood: false, detail: "others can read `\(path)`", help: "chmod 600 \(path)")
    }
    let detail = found.isEmpty ? "none in the environment: only `local` works" : found.joined(separator: ", ")
    return Finding(name: "keys", isGood: true, detail: detail)
  }

  private static var disk: Finding {
    let free = campaign_free_bytes(".")
    return Finding(
      name: "disk", isGood: free >= 1_000_000_000, detail: "\(Wording.size(max(0, free))) free",
      help: "make room: a film and its clips take about 1 GB; `campaign clean` lists what could go")
  }

  private static var folder: Finding {
    let isWritable = access(".", W_OK) == 0
    return Finding(
      name: "workspace", isGood: isWritable,
      detail: isWritable ? "can be written" : "cannot be written: \(String(cString: strerror(errno)))",
      help: "change the owner or the permissions of this folder, or use `-C`")
  }

  /// Changes are seen by time stamps; a clock that is years behind hides them.
  private static var clock: Finding {
    let isSane = time(nil) > 1_767_225_600
    return Finding(
      name: "clock", isGood: isSane, detail: isSane ? "runs" : "is before 2026",
      help: "set the date of this machine")
  }

  /// What a program prints when asked about itself; nil when it cannot be run.
  private static func output(_ arguments: [String]) -> String? {
    let result = try? Command(arguments).run(log: "/dev/null", capture: true, interrupt: Interrupt())
    return result?.code == 0 ? result?.text : nil
  }
}
