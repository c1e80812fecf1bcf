import CampaignCore
import Glibc

/// The talk with campaign: its lines on standard input, ours on standard output, free text on standard error.
///
/// When campaign is gone the process ends where it stands, before anything irreversible.
package final class Exchange {
  private let patience: Patience
  private var pending: [UInt8] = []
  /// Applied to all that leaves.
  package var masking = Masking()

  package init(patience: Patience) { self.patience = patience }

  package func readRequest() throws(Failure) -> ProviderRequest {
    let line = line(stops: false) ?? []
    let json: JSON
    do { json = try JSON.parse(line) } catch { throw Failure(.local, "the request is not JSON: \(error)") }
    return try ProviderRequest(json)
  }

  /// Hands in a checkpoint and waits until campaign has kept it.
  ///
  /// Throws `refused` when campaign does not allow to go on, or a signal comes before its answer to an
  /// intent.
  func keep(_ checkpoint: Checkpoint) throws(Failure) {
    send([
      "ev": .string("checkpoint"), "state": .string(checkpoint.state.rawValue), "data": checkpoint.data,
    ])
    // A job that exists must be kept, signal or not: campaign answers that, or is gone.
    guard let line = line(stops: checkpoint.state == .intent) else {
      throw Failure(.refused, "interrupted before anything was submitted", cost: .zero)
    }
    let answer: JSON
    do { answer = try JSON.parse(line) } catch {
      throw Failure(.local, "campaign's answer is not JSON: \(error)")
    }
    guard answer["ok"]?.bool == true else {
      throw Failure(.refused, answer["why"]?.string ?? "campaign did not allow it", cost: .zero)
    }
  }

  func note(_ text: String) { send(["ev": .string("note"), "text": .string(text)]) }

  func progress(_ text: String, fraction: Double?) {
    var members = [JSON.Member("ev", .string("progress")), JSON.Member("text", .string(text))]
    if let fraction { members.append(JSON.Member("fraction", .decimal(fraction, places: 2))) }
    send(.object(members))
  }

  func throttled(_ throttle: Throttle) {
    var members = [JSON.Member("ev", .string("throttled")), JSON.Member("seconds", .int(throttle.seconds))]
    if let burst = throttle.burst { members.append(JSON.Member("burst", .int(burst))) }
    send(.object(members))
  }

  package func done(_ delivery: Delivery) { send(delivery.event) }

  package func failed(_ failure: Failure) {
    var members = [
      JSON.Member("ev", .string("failed")), JSON.Member("class", .string(failure.kind.rawValue)),
      JSON.Member("message", .string(failure.message)),
    ]
    if let help = failure.help { members.append(JSON.Member("help", .string(help))) }
    if let cost = failure.cost { members.append(JSON.Member("usd", .string(cost.decimal))) }
    send(.object(members))
  }

  /// For the log of the step.
  package func log(_ text: String) { write(Array((masking(text) + "\n").utf8), to: 2) }

  // MARK: - Lines

  private func send(_ event: JSON) { write(Array((masked(event).compact + "\n").utf8), to: 1) }

  private func masked(_ json: JSON) -> JSON {
    switch json {
    case .null, .bool, .number: json
    case .string(let text): .string(masking(text))
    case .array(let elements): .array(elements.map(masked))
    case .object(let members): .object(members.map { JSON.Member($0.name, masked($0.value)) })
    }
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) {
    do { try Files.append(bytes, to: descriptor, path: "campaign") } catch {
      if descriptor == 1 { leave() }
    }
  }

  /// The next line; nil when a signal came first and `stops`.
  private func line(stops: Bool) -> [UInt8]? {
    while true {
      if let end = pending.firstIndex(of: 10) {
        defer { pending.removeFirst(end + 1) }
        return Array(pending[..<end])
      }
      if stops, patience.wait(also: 0, milliseconds: nil) == .stopped { return nil }
      var chunk = [UInt8](repeating: 0, count: 64 << 10)
      let count = read(0, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { leave() }
      pending += chunk[..<count]
    }
  }

  /// Nobody keeps the journal any more: nothing may happen after this.
  private func leave() -> Never { _exit(1) }
}

extension Exchange {
  private func send(_ members: KeyValuePairs<String, JSON>) { send(JSON.members(members)) }
}
