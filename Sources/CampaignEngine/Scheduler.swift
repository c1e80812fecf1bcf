/// Which step may run next: states, what each waits for, pools and priorities. A value; it does nothing itself.
struct Scheduler: Sendable {
  enum State: UInt8, Sendable {
    /// Some input is not settled yet.
    case waiting
    /// All inputs are settled; to be judged.
    case ready
    /// Stale; waits for a place in its pool.
    case queued
    case running
    /// Stale, but a person has to approve something first.
    case held
    /// Its outputs are as they should be.
    case settled
    /// Failed, or something before it did.
    case failed
  }

  private struct Pool {
    var width: Int
    var running = 0
    var queue = PriorityQueue()
  }

  private(set) var states: [State] = []
  /// Producers and rules that each step still waits for.
  private var blockers: [Int32] = []
  private var dependents: [[StepID]] = []
  private(set) var priorities: [Double] = []
  private var pools: [String: Pool] = [:]
  private let widths: [String: Int]
  private let defaultWidth: Int
  private let remoteWidth: Int
  private(set) var running = 0
  /// Judge these next, in this order.
  private var ready: [StepID] = []

  /// - Parameters:
  ///   - widths: places in each pool.
  ///   - defaultWidth: for `cpu`, the pool of work on this machine, when it is not listed.
  ///   - remoteWidth: for other pools that are not listed: work elsewhere.
  init(widths: [String: Int], defaultWidth: Int, remoteWidth: Int = 1) {
    self.widths = widths
    self.defaultWidth = defaultWidth
    self.remoteWidth = remoteWidth
  }

  func state(_ step: StepID) -> State { states[Int(step.index)] }

  /// Takes in all wanted steps that are new or have become known, and what each waits for.
  mutating func update(from graph: Graph) {
    let old = states.count
    states += Array(repeating: .waiting, count: graph.steps.count - old)
    dependents = Array(repeating: [], count: graph.steps.count)
    blockers = Array(repeating: 0, count: graph.steps.count)
    for index in graph.steps.indices where graph.steps[index].isWanted && states[index] == .waiting {
      let step = StepID(index)
      blockers[index] = Int32(graph.steps[index].openRules.count)
      for input in graph.inputs(of: step) {
        guard let producer = graph.producer(of: input), producer != step else { continue }
        dependents[Int(producer.index)].append(step)
        if state(producer) != .settled { blockers[index] += 1 }
      }
      if blockers[index] == 0 { markReady(step) }
    }
  }

  /// The next step whose inputs are settled.
  mutating func nextReady() -> StepID? { ready.popLast() }

  /// Puts a stale step in the queue of its pool, before all others if it is urgent.
  mutating func enqueue(_ step: StepID, pool: String, isUrgent: Bool = false) {
    states[Int(step.index)] = .queued
    let width = widths[pool] ?? (pool == "cpu" ? defaultWidth : remoteWidth)
    pools[pool, default: Pool(width: width)].queue.push(
      step, isUrgent ? .infinity : priorities[Int(step.index)])
  }

  /// Keeps a stale step from running until a person has approved what it needs.
  mutating func hold(_ step: StepID) { states[Int(step.index)] = .held }

  /// Starts the queued step with the longest path behind it that has a place.
  mutating func start() -> StepID? {
    let open = pools.filter { $0.value.running < $0.value.width && !$0.value.queue.isEmpty }
    let best = open.max { ($0.value.queue.topPriority, $1.key) < ($1.value.queue.topPriority, $0.key) }
    guard let pool = best?.key, let step = pools[pool]?.queue.pop() else { return nil }
    pools[pool]?.running += 1
    running += 1
    states[Int(step.index)] = .running
    return step
  }

  /// The queued steps that would start next, best first; at most `limit`.
  func upcoming(_ limit: Int) -> [StepID] {
    pools.values.flatMap { $0.queue.entries }.sorted { $0.priority > $1.priority }.prefix(limit).map(\.step)
  }

  /// Gives back the place of a step that ran.
  mutating func stop(_ step: StepID, pool: String) {
    pools[pool]?.running -= 1
    running -= 1
  }

  /// Ends a step well; what waited for it alone becomes ready.
  mutating func settle(_ step: StepID) {
    states[Int(step.index)] = .settled
    for dependent in dependents[Int(step.index)] {
      blockers[Int(dependent.index)] -= 1
      if blockers[Int(dependent.index)] == 0 && state(dependent) == .waiting { markReady(dependent) }
    }
  }

  /// Ends a step badly. Returns the wanted steps that can now never run, nearest first.
  mutating func fail(_ step: StepID) -> [StepID] {
    states[Int(step.index)] = .failed
    var lost: [StepID] = []
    var frontier = dependents[Int(step.index)][...]
    while let next = frontier.popFirst() {
      guard state(next) == .waiting else { continue }
      states[Int(next.index)] = .failed
      lost.append(next)
      frontier += dependents[Int(next.index)]
    }
    return lost
  }

  private mutating func markReady(_ step: StepID) {
    states[Int(step.index)] = .ready
    ready.append(step)
  }

  /// Sets priorities: the longest path to the end, in seconds, by what each step usually takes.
  mutating func rank(_ graph: Graph, usual: (StepID) -> Double) {
    priorities = Array(repeating: -1, count: graph.steps.count)
    for index in graph.steps.indices where graph.steps[index].isWanted && priorities[index] < 0 {
      var stack = [StepID(index)]
      while let step = stack.last {
        let unranked = dependents[Int(step.index)].filter { priorities[Int($0.index)] < 0 && $0 != step }
        if unranked.isEmpty || stack.count > graph.steps.count {
          let longest = dependents[Int(step.index)].map { priorities[Int($0.index)] }.max() ?? 0
          priorities[Int(step.index)] = usual(step) + max(0, longest)
          stack.removeLast()
        } else {
          stack += unranked
        }
      }
    }
  }
}
