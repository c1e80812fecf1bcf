import CampaignCore

/// What the waiting of a rehearsal is divided by; 1 outside of one.
func rehearsalSpeed() -> Double {
  campaignEnvironment()["CAMPAIGN_REHEARSAL_SPEED"].flatMap { Double($0) }
    .flatMap { (1...1e6).contains($0) ? $0 : nil } ?? 1
}

/// Our environment, as far as a Campaignfile may be overridden by it: `CAMPAIGN_*`.
func campaignEnvironment() -> [String: String] {
  let ours = EnvironmentVariable.all().filter { $0.name.hasPrefix("CAMPAIGN_") }
  return Dictionary(ours.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
}
