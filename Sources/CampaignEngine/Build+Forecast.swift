import CampaignCore

extension Build {
  /// Says how much there is to do, as far as is known.
  func tellForecast() {
    isForecastDue = false
    var forecast = Event.Forecast()
    for (step, task) in tasks {
      switch task {
      case .perform:
        forecast.toMake += 1
        if let purchase = try? evaluation.purchase(step) { forecast.add(purchase) }
      case .restore: forecast.toRestore += 1
      }
    }
    for step in Set(held.values.joined()) {
      switch try? evaluation.purchase(step) {
      case .buys(let offer), .lost(_, let offer):
        forecast.awaitedCost = forecast.awaitedCost + (offer.price ?? .zero)
      case .nothing, .owned, .inFlight, nil: break
      }
    }
    forecast.current = summary.current
    forecast.undecided = evaluation.graph.steps.indices.count { index in
      evaluation.graph.steps[index].isWanted && scheduler.state(StepID(index)) == .waiting
    }
    forecast.next = scheduler.upcoming(4).map { evaluation.graph.target(of: $0) }
    forecast.seconds = secondsLeft
    tell(.planned(forecast))
  }

  /// The longest path, or all work spread over the machine, whichever is longer; nil while a duration is not known.
  private var secondsLeft: Double? {
    var sum = 0.0
    var longest = 0.0
    for step in tasks.keys {
      guard let usual = evaluation.usual(step) else { return nil }
      sum += usual
      longest = max(longest, scheduler.priorities[Int(step.index)])
    }
    return max(longest, sum / Double(request.jobs))
  }
}

extension Event.Forecast {
  /// Adds what a step that will run costs.
  mutating func add(_ purchase: Purchase) {
    switch purchase {
    case .nothing, .owned, .lost: break
    case .inFlight(let attempt):
      inFlight += 1
      inFlightCost = inFlightCost + attempt.reserved
    case .buys(let offer):
      cost = cost + (offer.price ?? .zero)
    }
  }
}
