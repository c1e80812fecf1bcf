#if LIBFUZZER
  import CampaignCore
  import Glibc

  /// What libFuzzer calls, whose `main` takes the place of ours: it goes where new code is reached.
  @_cdecl("LLVMFuzzerTestOneInput")
  func readOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    MainActor.assumeIsolated { reader(input) }
    return 0
  }

  /// Of the target that `Tests/Fuzz/run` names in the environment: libFuzzer passes no options on.
  @MainActor private let reader: FuzzTarget.Reader = {
    let (name, scratch) = (variable("FUZZ_TARGET"), variable("FUZZ_SCRATCH"))
    guard let target = FuzzTarget.named(name) else { fatalError("there is no target `\(name)`") }
    return target.reader(scratch)
  }()

  private func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
#endif
