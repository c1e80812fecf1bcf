import CPlatform

/// What the waiting of a rehearsal is divided by; 1 outside of one.
func rehearsalSpeed() -> Double {
  campaignEnvironment()["CAMPAIGN_REHEARSAL_SPEED"].flatMap { Double($0) }.map { max(1, $0) } ?? 1
}

/// Our environment, as far as a Campaignfile may be overridden by it: `CAMPAIGN_*`.
func campaignEnvironment() -> [String: String] {
  var variables: [String: String] = [:]
  var entry = campaign_environment()
  while let pointer = entry.pointee {
    let variable = String(cString: pointer)
    if variable.hasPrefix("CAMPAIGN_"), let equals = variable.firstIndex(of: "=") {
      variables[String(variable[..<equals])] = String(variable[variable.index(after: equals)...])
    }
    entry += 1
  }
  return variables
}
