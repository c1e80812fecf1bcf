import CampaignCore
import CampaignEngine
import CampaignSyntax

/// The actions of this program, by name: what the engine performs and what the language may say.
package struct ActionCatalog: Toolbox {
  private let actions: [String: any BuiltInAction]
  package var fingerprint = ContentHash(high: 0, low: 0)
  /// What the scripts of steps get of our environment; nil: none has run yet.
  private let inheritance = Guarded<Inheritance?>(nil)

  package init(_ actions: [any BuiltInAction]) {
    self.actions = Dictionary(uniqueKeysWithValues: actions.map { ($0.schema.name, $0) })
  }

  /// For the language, sorted by name.
  package var schemas: [ActionSchema] { actions.values.map(\.schema).sorted { $0.name < $1.name } }

  package func action(named name: String, parameters: [Parameter], target: String) throws(StepFailure)
    -> Action
  {
    guard name != ShellAction.name else { return ShellAction.action(parameters) }
    guard let builtIn = actions[name] else { throw StepFailure("there is no action `\(name)`") }
    var canonical: [Parameter] = []
    for parameter in parameters {
      guard let schema = builtIn.schema.parameters.first(where: { $0.name == parameter.name }) else {
        continue
      }
      var value = try Self.canonical(parameter, schema.type)
      if parameter.name == "by" { value = try Split.parse(value).get().maker(of: target) }
      canonical.append(Parameter(parameter.name, value))
    }
    try builtIn.check(canonical)
    var action = Action(name: name, version: builtIn.version, parameters: builtIn.keyParameters(canonical))
    action.asides = canonical.filter { !action.parameters.contains($0) }
    action.isPaid = builtIn.isPaid(canonical)
    action.isCostly = builtIn.isCostly || action.isPaid
    if action.isPaid, let maker = action["by"] { action.pool = String(maker.prefix { $0 != " " }) }
    action.seesNames = builtIn.seesNames
    return action
  }

  /// Values from a Campaignfile are spelled right already; those from the fields of an array are not.
  private static func canonical(_ parameter: Parameter, _ type: ValueType) throws(StepFailure) -> String {
    switch type.canonical(parameter.value) {
    case .success(let value): value
    case .failure(let problem):
      throw StepFailure(
        "has `\(parameter.name)`: \(problem.message)", help: problem.help, parameter: parameter.name)
    }
  }

  package func perform(_ job: Job) throws(StepFailure) -> JobReport {
    guard job.action.name != ShellAction.name else { return try ShellAction.perform(job, inherited()) }
    guard let builtIn = actions[job.action.name] else {
      throw StepFailure("there is no action `\(job.action.name)`")
    }
    return try builtIn.perform(job)
  }

  private func inherited() -> Inheritance {
    inheritance.withLock { known in
      let inheritance = known ?? .now()
      known = inheritance
      return inheritance
    }
  }

  package func collect(_ attempt: Attempt, spending: Spending, root: String, interrupt: Interrupt) -> String?
  {
    Collection(attempt: attempt, spending: spending, root: root, interrupt: interrupt).carryOut()
  }

  package func offer(_ action: Action, inputs: [Job.Input], earlier: [String], root: String)
    throws(StepFailure) -> Offer?
  {
    try actions[action.name]?.offer(action, inputs: inputs, earlier: earlier, root: root)
  }

  package func expectedElements(_ action: Action) -> [JSON]? {
    actions[action.name]?.expectedElements(action)
  }

  /// Whether a rule's action can be done for money.
  package func mayBuy(_ rule: Rule) -> Bool {
    rule.parameters.contains { $0.name == "by" && $0.value != Template("local") }
  }

  /// What a step needs of the machine, as far as its parameters are known.
  package func tools(_ action: String, _ parameters: [Parameter]) -> [Tool] {
    actions[action]?.tools(parameters) ?? []
  }

  /// An input of a rule that its action has no use for, or lacks.
  package func misfit(in rule: Rule) -> Diagnostic? {
    actions[rule.action]?.misfit(of: rule.inputs).map { misfit in
      let site = misfit.input.flatMap { rule.inputSites.indices.contains($0) ? rule.inputSites[$0] : nil }
      return Diagnostic("E0419", misfit.message, at: site ?? rule.site, help: misfit.help)
    }
  }

  package func damage(of path: String, madeBy action: Action) -> String? {
    actions[action.name]?.damage(of: path)
  }
}
