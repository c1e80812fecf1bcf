import CSystem

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
