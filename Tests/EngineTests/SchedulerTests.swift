import CampaignCore
import Testing

@testable import CampaignEngine

/// Who may start, and who first.
struct SchedulerTests {
  /// long -> end, short, late: three sources of work for one place.
  private func graph() throws -> Graph {
    var graph = try Graph(
      recipe(
        make("short", from: ["a"]), make("long", from: ["a"]), make("end", from: ["long"]),
        make("late", from: ["a"])),
      toolbox: LabTools())
    for rule in 0..<4 { graph.want(.all(rule: rule)) }
    return graph
  }

  @Test func longestPathStartsFirst() throws {
    let graph = try graph()
    let seconds = ["short": 3.0, "long": 2.0, "end": 5.0, "late": 6.0]
    var scheduler = Scheduler(pools: [:], defaultWidth: 1)
    scheduler.update(from: graph)
    scheduler.rank(graph) { seconds[graph.target(of: $0)]! }
    while let step = scheduler.nextReady() { scheduler.enqueue(step, pool: "cpu") }
    var order: [String] = []
    while let step = scheduler.start() {
      order.append(graph.target(of: step))
      scheduler.stop(step, pool: "cpu")
      scheduler.settle(step)
      while let ready = scheduler.nextReady() { scheduler.enqueue(ready, pool: "cpu") }
    }
    #expect(order == ["long", "late", "end", "short"])
  }

  @Test func failureLosesWhatDependsOnItAndNothingElse() throws {
    let graph = try graph()
    var scheduler = Scheduler(pools: [:], defaultWidth: 9)
    scheduler.update(from: graph)
    let long = graph.producer(of: "long")
    let lost = scheduler.fail(try #require(long)).map { graph.target(of: $0) }
    #expect(lost == ["end"])
    let ready = graph.steps.indices.filter { scheduler.state(StepID($0)) == .ready }
    #expect(ready.count == 2)
  }

  @Test func poolsHaveTheirOwnPlaces() throws {
    let graph = try graph()
    var scheduler = Scheduler(pools: ["narrow": .init(width: 1)], defaultWidth: 2)
    scheduler.update(from: graph)
    scheduler.rank(graph) { _ in 1 }
    while let step = scheduler.nextReady() { scheduler.enqueue(step, pool: "narrow") }
    #expect(scheduler.start() != nil)
    #expect(scheduler.start() == nil)
    #expect(scheduler.upcoming(9).count == 2)
  }

  @Test func aRateSpacesStarts() throws {
    let graph = try graph()
    var scheduler = Scheduler(pools: ["slow": .init(width: 9, perMinute: 60)], defaultWidth: 9)
    scheduler.update(from: graph)
    scheduler.rank(graph) { _ in 1 }
    while let step = scheduler.nextReady() { scheduler.enqueue(step, pool: "slow") }
    let starts = [scheduler.start(now: 5), scheduler.start(now: 6)]
    #expect(starts[0] != nil && starts[1] == nil)
    #expect(scheduler.nextOpening(after: 6) == 1_000_000_005)
    let later = scheduler.start(now: 1_000_000_005)
    #expect(later != nil)
  }

  @Test func aStepThatNeedsMorePlacesKeepsItsPoolWaiting() throws {
    let graph = try graph()
    let seconds = ["short": 1.0, "long": 9.0, "end": 1.0, "late": 5.0]
    var scheduler = Scheduler(pools: ["gpu": .init(width: 3)], defaultWidth: 9)
    scheduler.update(from: graph)
    scheduler.rank(graph) { seconds[graph.target(of: $0)]! }
    var wide = Manner()
    wide.units = 3
    while let step = scheduler.nextReady() {
      scheduler.enqueue(step, pool: "gpu", manner: graph.target(of: step) == "late" ? wide : Manner())
    }
    let started = scheduler.start()
    let first = try #require(started)
    let target = graph.target(of: first)
    #expect(target == "long")
    // Two places are free, and `short` would fit: but then `late` might wait for ever.
    let second = scheduler.start()
    #expect(second == nil)
    scheduler.stop(first, pool: "gpu")
    let rest = [scheduler.start(), scheduler.start()]
    let targets = rest.map { $0.map { graph.target(of: $0) } }
    #expect(targets == ["late", nil])
  }

  @Test func aPriorityGoesBeforeTheLongestPath() throws {
    let graph = try graph()
    var scheduler = Scheduler(pools: [:], defaultWidth: 1)
    scheduler.update(from: graph)
    scheduler.rank(graph) { _ in 1 }
    var high = Manner()
    high.priority = 1
    while let step = scheduler.nextReady() {
      scheduler.enqueue(step, pool: "cpu", manner: graph.target(of: step) == "short" ? high : Manner())
    }
    let first = scheduler.start()
    let target = first.map { graph.target(of: $0) }
    #expect(target == "short")
  }

  @Test func tryDelaysDoubleUpToFiveMinutes() {
    let manner = Manner()
    let delays = [1, 2, 3, 9, 60].map { manner.delay(beforeRetry: $0, chance: 0.5).count }
    #expect(delays == [5_000, 10_000, 20_000, 300_000, 300_000])
    #expect(manner.delay(beforeRetry: 1, chance: 0).count == 4_250)
  }
}
