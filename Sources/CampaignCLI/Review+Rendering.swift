import CampaignKit
import CampaignReporting

extension Review {
  /// What is to be approved, and how.
  ///
  ///     build/pairs.json waits for your approval: look at .campaign/review/build/pairs.json.jpg
  ///       hook     photos/pool-a.jpg -> photos/pool-b.jpg  $0.60  both show the pool
  ///     campaign approve build/pairs.json         approves all of it
  ///     campaign approve build/pairs.json hook    approves one
  func text(_ style: Style) -> String {
    let look = sheet.map { ": look at \($0)" } ?? ": look at it"
    let names = items.map { TextWidth.of($0.name) }.max() ?? 0
    let photos = items.map { TextWidth.of("\($0.first) -> \($0.last)") }.max() ?? 0
    var text = style(target, .strong) + " waits for your approval\(look)\n"
    for item in items {
      text +=
        "  \(TextWidth.pad(item.name, to: names))  \(TextWidth.pad("\(item.first) -> \(item.last)", to: photos))  "
        + "\(Wording.cost(item.price))  \(Wording.clean(item.reason))\n"
    }
    text += "campaign approve \(target)    approves all of it\n"
    return text + (items.first.map { "campaign approve \(target) \($0.name)    approves one\n" } ?? "")
  }
}
