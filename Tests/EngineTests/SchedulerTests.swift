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
    let long = try #require(graph.artifact("long").flatMap(graph.producer(of:)))
    #expect(scheduler.fail(long).map(graph.target(of:)) == ["end"])
    #expect(graph.steps.indices.filter { scheduler.state(StepID($0)) == .ready }.count == 2)
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
}
