#if LIBFUZZER
  import CampaignCore
  import Glibc

  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
  ) -> Int32

  /// The function that libFuzzer calls cannot carry it.
  @MainActor private var reader: FuzzTarget.Reader?

  /// Has the name that libFuzzer is linked with.
  @_cdecl("LLVMFuzzerTestOneInput")
  func readOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    MainActor.assumeIsolated { reader?(input) }
    return 0
  }

  /// Lets libFuzzer look for inputs, guided by what of our code they reach.
  @MainActor func hours(_ target: FuzzTarget, scratch: String, _ options: ArraySlice<String>) -> Never {
    reader = target.reader(scratch)
    var pointers = (["campaign-fuzz"] + options).map { strdup($0) } + [nil]
    var count = Int32(pointers.count - 1)
    let code = pointers.withUnsafeMutableBufferPointer { buffer in
      var start = buffer.baseAddress
      return runDriver(&count, &start, readOneInput)
    }
    exit(code)
  }
#endif
