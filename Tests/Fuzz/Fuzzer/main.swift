import CampaignCore
import Glibc

// campaign-fuzz fuzz SEED SECONDS FOLDER [TARGET…]    what `Tests/Fuzz/run` calls
// campaign-fuzz worker TARGET SEED SECONDS FOLDER SCRATCH    one target, in a process that may come to harm
// campaign-fuzz one TARGET FILE FOLDER SCRATCH               one input, likewise
// campaign-fuzz targets
// campaign-fuzz hours TARGET SCRATCH [OPTION…]        libFuzzer, in a build for it

let arguments = Array(CommandLine.arguments.dropFirst())

func target(_ name: String) -> FuzzTarget {
  guard let target = FuzzTarget.named(name) else {
    print("there is no target `\(name)`; there are \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
    exit(2)
  }
  return target
}

switch arguments.first {
case "fuzz" where arguments.count >= 4:
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
case "worker" where arguments.count == 6:
  let (target, corpus) = (target(arguments[1]), Corpus(folder: arguments[4]))
  let mutator = Mutator(
    seed: Int(arguments[2]) ?? 0, corpus: corpus.inputs(of: target), words: corpus.words(of: target))
  let worker = Worker(target, scratch: arguments[5])
  print(
    worker.run(corpus.inputs(of: target), then: mutator, seconds: Double(arguments[3]) ?? 0), terminator: "")
case "one" where arguments.count == 5:
  Worker(target(arguments[1]), scratch: arguments[4]).run(unfailing { try Files.read(arguments[2]) })
case "targets": for target in FuzzTarget.all where !target.isServer { print(target.name) }
#if LIBFUZZER
  case "hours" where arguments.count >= 3:
    hours(target(arguments[1]), scratch: arguments[2], arguments.dropFirst(3))
#endif
default:
  print("call it by Tests/Fuzz/run")
  exit(2)
}
