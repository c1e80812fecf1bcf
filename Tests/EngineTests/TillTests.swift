import CampaignCore
import Testing

@testable import CampaignEngine

/// The rules by which a paid request is let through.
@Suite struct TillTests {
  private static func dollars(_ cents: Int64) -> Money { Money(micros: cents * 10_000) }

  private func request(_ id: String, cents: Int64 = 60, model: String = "veo", provider: String = "replicate")
    -> TillState.Request
  {
    TillState.Request(
      id: id, target: "clips/\(id).mp4", provider: provider, model: model, price: Self.dollars(cents))
  }

  private func till(_ change: (inout SpendingLimits) -> Void = { _ in }, spent: Int64 = 0) -> TillState {
    var limits = SpendingLimits()
    change(&limits)
    return TillState(
      limits: limits, speed: 1, campaign: Self.dollars(spent), month: Self.dollars(spent))
  }

  private func isRefused(_ decision: TillState.Decision) -> Bool {
    if case .refuse(let failure) = decision { failure.kind == .refused } else { false }
  }

  @Test func reservesTheWorstCaseBeforeEachRequest() {
    var till = till { $0.run = Self.dollars(100) }
    #expect(till.decide(request("a"), now: 0) == .go)
    #expect(isRefused(till.decide(request("b"), now: 0)))
    till.settle(request("a"), cost: Self.dollars(30), .good)
    #expect(till.decide(request("b"), now: 0) == .go)
  }

  @Test func whatWasSpentBeforeCountsForCampaignAndMonth() {
    var campaign = till({ $0.campaign = Self.dollars(100) }, spent: 50)
    #expect(isRefused(campaign.decide(request("a"), now: 0)))
    var month = till({ $0.month = Self.dollars(100) }, spent: 50)
    #expect(isRefused(month.decide(request("a"), now: 0)))
    var run = till({ $0.run = Self.dollars(100) }, spent: 50)
    #expect(run.decide(request("a"), now: 0) == .go)
  }

  @Test func frozenBuysNothing() {
    var till = till { $0.isFrozen = true }
    #expect(isRefused(till.decide(request("a", cents: 1), now: 0)))
  }

  @Test func theFirstOfManyGoesAlone() {
    var till = till()
    till.expect(4, of: "veo")
    #expect(till.decide(request("a"), now: 0) == .go)
    #expect(till.decide(request("b"), now: 0) == .wait)
    #expect(till.decide(request("x", model: "musicgen"), now: 0) == .go)
    till.settle(request("a"), cost: Self.dollars(60), .good)
    #expect(till.decide(request("b"), now: 0) == .go)
    #expect(till.decide(request("c"), now: 0) == .go)
  }

  @Test func threeGoTogether() {
    var till = till()
    till.expect(3, of: "veo")
    #expect(till.decide(request("a"), now: 0) == .go)
    #expect(till.decide(request("b"), now: 0) == .go)
  }

  @Test func refusedContentMakesAnotherTheFirst() {
    var till = till()
    till.expect(4, of: "veo")
    #expect(till.decide(request("a"), now: 0) == .go)
    till.settle(request("a"), cost: .zero, .ownFault)
    till.giveUp("clips/a.mp4", of: "veo", wasRefused: true)
    #expect(till.decide(request("b"), now: 0) == .go)
    #expect(till.decide(request("c"), now: 0) == .wait)
  }

  @Test func aBrokenFirstStopsTheRest() {
    var till = till()
    till.expect(4, of: "veo")
    #expect(till.decide(request("a"), now: 0) == .go)
    till.settle(request("a"), cost: .zero, .providerFault)
    #expect(till.decide(request("b"), now: 0) == .wait)
    #expect(till.decide(request("a"), now: 0) == .go)
    till.giveUp("clips/a.mp4", of: "veo", wasRefused: false)
    #expect(isRefused(till.decide(request("b"), now: 0)))
  }

  @Test func threeFailuresInARowCloseAProvider() {
    var till = till()
    for id in ["a", "b", "c"] {
      #expect(till.decide(request(id), now: 0) == .go)
      till.settle(request(id), cost: .zero, .providerFault)
    }
    guard case .refuse(let failure) = till.decide(request("d"), now: 0) else { return #expect(Bool(false)) }
    #expect(failure.kind == .trouble)
    #expect(till.decide(request("e", provider: "other"), now: 0) == .go)
  }

  @Test func aWrongKeyClosesAProviderAtOnce() {
    var till = till()
    #expect(till.decide(request("a"), now: 0) == .go)
    till.settle(request("a"), cost: .zero, .hopeless, because: "wrong key")
    guard case .refuse(let failure) = till.decide(request("b"), now: 0) else { return #expect(Bool(false)) }
    #expect(failure.message == "`replicate`: wrong key")
  }

  @Test func throttlingHoldsEveryoneAndThenSpacesThem() {
    var till = till()
    #expect(till.decide(request("a"), now: 0) == .go)
    till.throttle("replicate", seconds: 9, burst: 1, now: 0)
    #expect(till.decide(request("a"), now: 0) == .waitUntil(9_000_000_000))
    #expect(till.decide(request("a"), now: 9_000_000_000) == .go)
    #expect(till.decide(request("b"), now: 9_000_000_001) == .waitUntil(19_000_000_000))
    #expect(till.decide(request("c", provider: "other"), now: 9_000_000_001) == .go)
  }

  @Test func whatIsUnderWayIsPickedUpFirst() {
    var till = till()
    till.awaitResumption(of: "old")
    #expect(till.decide(request("new"), now: 0) == .wait)
    #expect(till.decide(request("old"), now: 0) == .go)
    till.resumed("old")
    #expect(till.decide(request("new"), now: 0) == .go)
  }

  @Test func aSignalStopsWhatWaits() {
    var till = till()
    till.stop()
    #expect(till.decide(request("a"), now: 0) == .refuse(.interrupted))
  }
}
