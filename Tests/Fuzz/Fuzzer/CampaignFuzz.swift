#if !LIBFUZZER
  import CampaignCore
  import Glibc

  /// What `Tests/Fuzz/run` calls:
  ///
  ///     campaign-fuzz fuzz SEED SECONDS FOLDER [TARGET…]
  ///     campaign-fuzz worker TARGET SEED SECONDS FOLDER SCRATCH    one target, in a process that may come to harm
  ///     campaign-fuzz one TARGET FILE FOLDER SCRATCH               one input, likewise
  @main
  struct CampaignFuzz {
    static func main() {
      let arguments = Array(CommandLine.arguments.dropFirst())
      switch arguments.first {
      case "fuzz" where arguments.count >= 4: fuzz(arguments)
      case "worker" where arguments.count == 6: work(arguments)
      case "one" where arguments.count == 5:
        Worker(target(arguments[1]), scratch: arguments[4]).run(unfailing { try Files.read(arguments[2]) })
      default:
        say("call it by Tests/Fuzz/run")
        exit(2)
      }
    }

    private static func target(_ name: String) -> FuzzTarget {
      guard let target = FuzzTarget.named(name) else {
        say("there is no target `\(name)`; there are \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
        exit(2)
      }
      return target
    }

    private static func fuzz(_ arguments: [String]) -> Never {
      let names = arguments.dropFirst(4)
      let targets = names.isEmpty ? FuzzTarget.all : names.map(target)
      let scratch = "/dev/shm/campaign-fuzz-\(getpid())"
      unfailing { try Files.makeFolder(scratch) }
      let fuzzing = Fuzzing(
        corpus: Corpus(folder: arguments[3]), scratch: scratch, seed: Int(arguments[1]) ?? 0,
        seconds: (Double(arguments[2]) ?? 0) / Double(targets.count))
      let harmless = targets.filter(fuzzing.run)
      Files.remove(scratch)
      exit(harmless.count == targets.count ? 0 : 1)
    }

    private static func work(_ arguments: [String]) {
      let (target, corpus) = (target(arguments[1]), Corpus(folder: arguments[4]))
      let inputs = corpus.inputs(of: target)
      let mutator = Mutator(seed: Int(arguments[2]) ?? 0, corpus: inputs, words: corpus.words(of: target))
      let worker = Worker(target, scratch: arguments[5])
      print(worker.run(inputs, then: mutator, seconds: Double(arguments[3]) ?? 0), terminator: "")
    }
  }
#endif
