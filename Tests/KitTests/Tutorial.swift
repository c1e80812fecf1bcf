// What the article `Embedding` shows, so that it compiles: `TutorialTests` compares the two.
import CampaignKit

func price(of folder: String) async throws -> Money {
  let project = try await Project.load(folder)
  let plan = try await project.plan()
  for step in plan.steps where step.state != .current {
    print(step.outputs[0], step.state, step.reasons)
  }
  return plan.price
}

func mistakes(in folder: String) async -> [String] {
  await Project.check(folder).map(\.description)
}

func film(in folder: String, upTo limit: Money) async throws -> BuildResult {
  let project = try await Project.load(folder, profile: "production")
  var options = BuildOptions("build/final.mp4")
  options.maxCost = limit
  let result = try await project.build(options)
  return result.troubled > 0 ? try await project.retry(result) : result
}

func follow(_ project: Project) async throws -> BuildResult? {
  for try await event in project.events() {
    switch event {
    case .stepProgress(let target, let fraction, _): print(target, fraction)
    case .stepFinished(let target, let outcome, _): print(target, outcome)
    case .finished(let result): return result
    default: break
    }
  }
  return nil
}

struct Shout: StepAction {
  let name = "shout"
  let parameters = [ActionParameter("end", standard: "!")]

  func perform(_ step: ActionStep) throws {
    let words = try read(step.inputs[0])
    try write(words.uppercased() + (step.parameters["end"] ?? ""), to: step.outputs[0])
  }
}

func load(_ folder: String) async throws -> Project {
  try await Project.load(folder, actions: [Shout()])
}
