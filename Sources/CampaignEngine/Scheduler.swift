import CampaignCore

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
    /// Failed; is tried again in a while.
    case resting
    /// Stale, but a person has to approve something first.
    case held
    /// Its outputs are as they should be.
    case settled
    /// Failed, or something before it did.
    case failed
  }

  private struct Pool {
    var width: Int
    /// Nanoseconds between two starts; 0: none.
    var gap: Int64
    /// Nothing starts before.
    var next: Int64 = 0
    /// Places that are taken.
    var taken = 0
    var queue = PriorityQueue()
  }

  private(set) var states: [State] = []
  /// Producers and rules that each step still waits for.
  private var blockers: [Int32] = []
  /// The steps that wait for each: `dependents[starts[n]..<starts[n + 1]]`.
  private var dependents: [StepID] = []
  private var starts: [Int32] = []
  private(set) var priorities: [Double] = []
  private var pools: [String: Pool] = [:]
  private let limits: [String: Recipe.Pool]
  private let defaultWidth: Int
  private let remoteWidth: Int
  /// Steps of `cpu` that may start although its places are taken: whoever runs them sees to it that they wait.
  var ahead = 0
  private(set) var running = 0
  private(set) var queued = 0
  /// Places that steps take, where it is not one.
  private var units: [StepID: Int] = [:]
  /// Judge these next, in this order.
  private var ready: [StepID] = []

  /// - Parameters:
  ///   - pools: as far as they say themselves what they hold.
  ///   - defaultWidth: for `cpu`, the pool of work on this machine, when it is not listed.
  ///   - remoteWidth: for other pools that are not listed: work elsewhere.
  init(pools: [String: Recipe.Pool], defaultWidth: Int, remoteWidth: Int = 1) {
    limits = pools
    self.defaultWidth = defaultWidth
    self.remoteWidth = remoteWidth
  }

  func state(_ step: StepID) -> State { states[Int(step.index)] }

  /// Takes in all wanted steps that are new or have become known, and what each waits for.
  mutating func update(from graph: borrowing Graph) {
    let count = graph.steps.count
    states += Array(repeating: .waiting, count: count - states.count)
    let waiting = graph.steps.indices.filter { graph.steps[$0].isWanted && states[$0] == .waiting }
    blockers = Array(repeating: 0, count: count)
    starts = Array(repeating: 0, count: count + 1)
    for index in waiting {
      blockers[index] = Int32(graph.openRules(of: StepID(index)).count)
      graph.forEachProducer(of: StepID(index)) { producer in
        starts[Int(producer.index) + 1] += 1
        if state(producer) != .settled { blockers[index] += 1 }
      }
    }
    for index in 0..<count { starts[index + 1] += starts[index] }
    listDependents(waiting, graph)
    for index in waiting where blockers[index] == 0 { markReady(StepID(index)) }
  }

  private mutating func listDependents(_ waiting: [Int], _ graph: borrowing Graph) {
    var next = starts
    dependents = Array(repeating: StepID(-1), count: Int(starts.last!))
    for index in waiting {
      graph.forEachProducer(of: StepID(index)) { producer in
        dependents[Int(next[Int(producer.index)])] = StepID(index)
        next[Int(producer.index)] += 1
      }
    }
  }

  private func dependents(of step: StepID) -> ArraySlice<StepID> {
    dependents[Int(starts[Int(step.index)])..<Int(starts[Int(step.index) + 1])]
  }

  /// The next step whose inputs are settled.
  mutating func nextReady() -> StepID? { ready.popLast() }

  /// Puts a stale step in the queue of its pool, before all others if it is urgent.
  mutating func enqueue(_ step: StepID, pool: String, manner: Manner = Manner(), isUrgent: Bool = false) {
    states[Int(step.index)] = .queued
    queued += 1
    if manner.units != 1 { units[step] = manner.units }
    let priority = priorities[Int(step.index)] + Double(manner.priority) * 1e9
    let empty = emptyPool(pool)
    pools[pool, default: empty].queue.push(step, isUrgent ? .infinity : priority)
  }

  private func emptyPool(_ name: String) -> Pool {
    let limit = limits[name]
    let width = limit?.width ?? (name == "cpu" ? defaultWidth : remoteWidth)
    return Pool(width: width, gap: limit?.perMinute.map { Int64(60e9 / $0) } ?? 0)
  }

  /// Places that a step takes in its pool.
  func units(of step: StepID) -> Int { units[step] ?? 1 }

  /// Keeps a stale step from running until a person has approved what it needs.
  mutating func hold(_ step: StepID) { states[Int(step.index)] = .held }

  /// Lets a failed step rest until it is queued again.
  mutating func postpone(_ step: StepID) { states[Int(step.index)] = .resting }

  /// Starts the queued step with the highest priority, and then the longest path behind it, that has a place.
  ///
  /// A step that needs more places than are free keeps its pool's other steps waiting: it would never start else.
  ///
  /// - Parameters:
  ///   - now: nanoseconds, for pools with a rate.
  ///   - take: asked last, whether a pool of that width outside of this scheduler has the places, too.
  mutating func start(
    now: Int64 = 0, take: (_ pool: String, _ units: Int, _ width: Int) -> Bool = { _, _, _ in true }
  ) -> StepID? {
    let open = pools.filter { hasRoom($0.value, now: now, ahead: $0.key == "cpu" ? ahead : 0) }
    let ranked = open.sorted { ($0.value.queue.topPriority, $1.key) > ($1.value.queue.topPriority, $0.key) }
    for (name, pool) in ranked where take(name, units(of: pool.queue.top!), pool.width) {
      guard let step = pools[name]?.queue.pop() else { return nil }
      let units = units(of: step)
      pools[name]!.taken += units
      pools[name]!.next = pool.gap == 0 ? 0 : now + pool.gap
      running += 1
      queued -= 1
      states[Int(step.index)] = .running
      return step
    }
    return nil
  }

  private func hasRoom(_ pool: Pool, now: Int64, ahead: Int) -> Bool {
    guard let step = pool.queue.top, pool.next <= now else { return false }
    return pool.taken == 0 || pool.taken + units(of: step) <= pool.width + ahead
  }

  /// When a pool with a rate lets its next step start; nil: none waits for that.
  func nextOpening(after now: Int64) -> Int64? {
    pools.values.filter { !$0.queue.isEmpty && $0.next > now }.map(\.next).min()
  }

  /// The queued steps that would start next, best first; at most `limit`.
  func upcoming(_ limit: Int) -> [StepID] {
    pools.values.flatMap { $0.queue.entries }.sorted { $0.priority > $1.priority }.prefix(limit).map(\.step)
  }

  /// Gives back the place of a step that ran.
  mutating func stop(_ step: StepID, pool: String) {
    let units = units(of: step)
    pools[pool]?.taken -= units
    running -= 1
  }

  /// Ends a step well; what waited for it alone becomes ready.
  mutating func settle(_ step: StepID) {
    states[Int(step.index)] = .settled
    for dependent in dependents(of: step) {
      blockers[Int(dependent.index)] -= 1
      if blockers[Int(dependent.index)] == 0 && state(dependent) == .waiting { markReady(dependent) }
    }
  }

  /// Ends a step badly. Returns the wanted steps that can now never run, nearest first.
  mutating func fail(_ step: StepID) -> [StepID] {
    states[Int(step.index)] = .failed
    var lost: [StepID] = []
    var frontier = Array(dependents(of: step))
    var seen = 0
    while seen < frontier.count {
      let next = frontier[seen]
      seen += 1
      guard state(next) == .waiting else { continue }
      states[Int(next.index)] = .failed
      lost.append(next)
      frontier += dependents(of: next)
    }
    return lost
  }

  private mutating func markReady(_ step: StepID) {
    states[Int(step.index)] = .ready
    ready.append(step)
  }

  /// Sets priorities: the longest path to the end, in seconds, by what each step usually takes.
  mutating func rank(_ graph: borrowing Graph, usual: (StepID) -> Double) {
    priorities = Array(repeating: 0, count: graph.steps.count)
    for step in graph.topologicalOrder().reversed() where graph.step(step).isWanted {
      let longest = dependents(of: step).reduce(0) { max($0, priorities[Int($1.index)]) }
      priorities[Int(step.index)] = usual(step) + longest
    }
  }
}
