import CampaignCore
import Glibc

/// The process that may come to harm: it runs inputs, and ends at the first that traps, hangs or takes too much memory.
struct Worker {
  /// Seconds of processor time that one input may take.
  static let patience = 2
  /// Seconds that one input may wait for others, e.g. a server.
  static let waitingPatience = 10
  /// Bytes that all inputs together may take.
  static let memory: UInt = 500 << 20

  private let reader: FuzzTarget.Reader
  /// Holds the input that is being read, for who looks after the end.
  private let current: Int32

  init(_ target: FuzzTarget, scratch: String) {
    var limit = rlimit(rlim_cur: Self.memory, rlim_max: Self.memory)
    setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
    limit = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    current = unfailing { try Files.open(scratch + "/current", O_RDWR | O_CREAT | O_TRUNC, "write") }
    reader = target.reader(scratch)
  }

  func run(_ bytes: [UInt8]) {
    _ = pwrite(current, bytes, bytes.count, 0)
    ftruncate(current, off_t(bytes.count))
    Self.arm(__itimer_which_t(ITIMER_PROF.rawValue), Self.patience)
    Self.arm(__itimer_which_t(ITIMER_REAL.rawValue), Self.waitingPatience)
    reader(bytes)
  }

  /// A timer's signal ends the process.
  private static func arm(_ timer: __itimer_which_t, _ seconds: Int) {
    var value = itimerval()
    value.it_value.tv_sec = seconds
    setitimer(timer, &value, nil)
  }

  /// Runs the corpus, then new inputs until the time is over. Returns how many.
  func run(_ corpus: [[UInt8]], then mutator: Mutator, seconds: Double) -> Int {
    let end = Self.now + seconds
    var (mutator, count) = (mutator, corpus.count)
    corpus.forEach(run)
    while Self.now < end {
      run(mutator.next())
      count += 1
    }
    return count
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
