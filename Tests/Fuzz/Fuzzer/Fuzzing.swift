import CampaignActions
import CampaignCore
import Glibc

/// Fuzzes targets one after the other, each in a process of its own, and keeps what does harm.
struct Fuzzing {
  let corpus: Corpus
  /// A folder in memory, for this process alone.
  let scratch: String
  let seed: Int
  /// For each target, beside its corpus.
  let seconds: Double

  /// How a process ended that did harm.
  private struct Harm {
    var signal: Int
    /// The last that it said.
    var words: String

    var description: String {
      let what =
        switch Int32(signal) {
        case SIGPROF: "takes more than \(Worker.patience) s"
        case SIGALRM: "waits for more than \(Worker.waitingPatience) s"
        default: "ends with signal \(signal)"
        }
      return words.isEmpty ? what : "\(what): \(words)"
    }
  }

  /// Returns whether nothing came to harm.
  func run(_ target: FuzzTarget) -> Bool {
    let (harm, output) = start(["worker", target.name, String(seed), String(seconds)])
    guard let harm else {
      say("\(target.name): \(output) inputs")
      return true
    }
    let input = unfailing { try Files.read(scratch + "/current") }
    let known = corpus.files(of: target).first { (try? Files.read($0)) == input }
    let path = known ?? corpus.keep(minimised(input, target, harm), of: target)
    say(
      """
      \(target.name): an input \(harm.description)
        it is \(path)
        again: Tests/Fuzz/run --replay \(path)
      """)
    return false
  }

  /// The harm that came of a call of this very program, and what it said otherwise.
  private func start(_ arguments: [String]) -> (harm: Harm?, output: String) {
    let log = scratch + "/log"
    Files.remove(log)
    var command = Command(["/proc/self/exe"] + arguments + [corpus.folder, scratch])
    command.environment = ["SWIFT_BACKTRACE": "enable=no"]
    let result = unfailing { try command.run(log: log, capture: true, interrupt: Interrupt()) }
    guard result.code != 0 else { return (nil, result.text) }
    let words = (try? Files.text(log))?.split(separator: "\n").first { $0.contains("atal error") }
    return (Harm(signal: result.code - 128, words: words.map(String.init) ?? ""), result.text)
  }

  /// Leaves out what is not needed for the same end, for some seconds at most.
  private func minimised(_ input: [UInt8], _ target: FuzzTarget, _ harm: Harm) -> [UInt8] {
    let end = time(nil) + 10
    var input = input
    var size = (input.count + 1) / 2
    while size > 0, time(nil) < end {
      var start = 0
      while start < input.count, time(nil) < end {
        let shorter = Array(input[..<start] + input[min(input.count, start + size)...])
        if doesHarm(shorter, target, harm) { input = shorter } else { start += size }
      }
      size /= 2
    }
    return input
  }

  private func doesHarm(_ input: [UInt8], _ target: FuzzTarget, _ harm: Harm) -> Bool {
    unfailing { try Files.write(input, to: scratch + "/input") }
    return start(["one", target.name, scratch + "/input"]).harm?.signal == harm.signal
  }
}

/// Says a line on standard output.
func say(_ line: String) {
  print(line)
  fflush(nil)
}
