import CampaignCore

extension Evaluation {
  /// What a later build starts from: the graph as it is now, what each file was, and for which contents steps are settled.
  func draft() -> PlanCache.Draft {
    var draft = PlanCache.Draft()
    var numbers = [Int32](repeating: -1, count: graph.artifactCount)
    for rule in graph.recipe.rules.indices {
      let steps = graph.steps(ofRule: rule) ?? 0..<0
      let first = Int32(draft.steps.count)
      for step in steps { add(StepID(step), to: &draft, &numbers) }
      let each = graph.recipe.rules[rule].each.flatMap { graph.artifact($0) }
      // Its steps are those of this very array: it is one of the files that vouch for them.
      if let each {
        _ = number(each, in: &draft, &numbers)
        if graph.isWanted(rule: rule) && !isSure(each) { draft.hasGaps = true }
      }
      let array = each.flatMap { known($0)?.hash }
      draft.rules.append(
        PlanCache.Rule(
          fingerprint: graph.recipe.fingerprint(ofRule: rule, tools: toolbox.fingerprint),
          array: array ?? ContentHash.zero, steps: first..<Int32(draft.steps.count)))
    }
    draft.header.traces = UInt32(cache.traceCount)
    draft.header.records = UInt64(cache.records)
    (draft.header.logInode, draft.header.logSize) = cache.extent
    return draft
  }

  /// The tool's own files that a verdict rests on, relative to the workspace.
  var memories: [String] {
    let shelves = offers.values.compactMap { $0?.order.map(Store.shelf(of:)) }
    return [StateFolder.name + "/cache", StateFolder.name + "/journal", "Campaignfile.lock"]
      + shelves.sorted()
  }

  /// Whether the graph is the one that the plan cache was written of.
  var isGraphAsBefore: Bool {
    guard let plan, !cache.hasNewTraces, graph.steps.count == plan.steps.count else { return false }
    return graph.recipe.rules.indices.allSatisfy { rule in
      graph.steps(ofRule: rule).map { $0.isEmpty || knownStep(StepID($0.lowerBound)) != nil } ?? true
    }
  }

  private func add(
    _ id: StepID, to draft: inout PlanCache.Draft, _ numbers: inout [Int32]
  ) {
    let (output, input) = (Int32(draft.outputs.count), Int32(draft.inputs.count))
    for file in graph.outputs(of: id) { draft.outputs.append(number(file, in: &draft, &numbers)) }
    for file in graph.inputs(of: id) { draft.inputs.append(number(file, in: &draft, &numbers)) }
    draft.roles += graph.roles(of: id)
    let element = Int32(draft.elements.count)
    draft.elements += graph.elementText(of: id)
    let isSure = graph.outputs(of: id).allSatisfy(isSure) && graph.inputs(of: id).allSatisfy(isSure)
    if graph.step(id).isWanted && !isSure { draft.hasGaps = true }
    let before = knownStep(id)
    // Its trace lies where it lay, unless there is a newer one or the hash cache was written anew.
    let target = before == nil || cache.hasNewTraces ? graph.target(of: id) : ""
    let isTold = before != nil && !cache.isNewTrace(target)
    draft.steps.append(
      PlanCache.Step(
        actionHash: graph.step(id).actionHash,
        trace: isTold ? before!.trace : cache.traceOffset(target) ?? 0,
        outputs: output..<Int32(draft.outputs.count), inputs: input..<Int32(draft.inputs.count),
        element: element..<Int32(draft.elements.count),
        milliseconds: isTold ? before!.milliseconds : cache.milliseconds(target) ?? 0,
        settled: settled(id) ?? .zero))
  }

  /// Whether it is known what a file contains as long as its stamp stays.
  private func isSure(_ file: ArtifactID) -> Bool { known(file) != nil && !isRacy(file) }

  private func number(
    _ file: ArtifactID, in draft: inout PlanCache.Draft, _ numbers: inout [Int32]
  ) -> ArtifactID {
    if numbers[Int(file.index)] < 0 {
      numbers[Int(file.index)] = graph.paths.withBytes(file) { draft.paths.intern($0) }.index
      let content = isSure(file) ? known(file) : nil
      draft.stamps.append(content?.stamp ?? .unknown)
      draft.hashes.append(content?.hash ?? ContentHash.zero)
    }
    return ArtifactID(Int(numbers[Int(file.index)]))
  }
}
