import CampaignCore
import Testing

/// A provider may be anybody's program: what it does wrong breaks its own step, never the ledger, the limits or us.
@Suite struct BreachTests {
  private static let unasked = Shop.good.replacing("checkpoint intent '{}'; ", with: "")

  @Test func `what is submitted without asking is written down, and fetched`() throws {
    let shop = try Shop()
    try shop.provider(Self.unasked)
    #expect(try shop.build(exits: 1, paid: 1).contains("has submitted something without asking first"))
    #expect(try shop.cost.contains("spent $0.05, of which $0.05 in flight"))
    try shop.build(paid: 1)
    #expect(try shop.cost.contains("spent $0.04"))
  }

  @Test func `a provider is not even started when its price is over a limit`() throws {
    let shop = try Shop()
    try shop.provider(Self.unasked)
    for _ in 1...2 { #expect(try shop.build(limit: "0.01", exits: 5, paid: 0).contains("is left of $0.01")) }
  }

  @Test func `a second job is none of the attempt`() throws {
    let shop = try Shop()
    let deaf = Shop.good.replacing("case $answer in *true*)", with: "case $answer in *)")
    try shop.provider(
      deaf.replacing(
        "checkpoint submitted '{\"id\":\"j\"}'",
        with: "checkpoint submitted '{\"id\":\"j\"}'; checkpoint submitted '{\"id\":\"k\"}'"))
    #expect(try shop.build(exits: 1, paid: 1).contains("has submitted a second job"))
    try shop.provider(Shop.good)
    try shop.build(paid: 1)
  }

  @Test func `nothing is submitted again that was submitted`() throws {
    let shop = try Shop()
    try shop.provider(Shop.good.replacing("cp clip.mp4", with: "exit 1; cp clip.mp4"))
    try shop.build(exits: 6, paid: 1)
    try shop.provider(Shop.good.replacing(#"*'"state":"submitted"'*)"#, with: "never)"))
    #expect(try shop.build(exits: 1, paid: 1).contains("wants to submit again what it has submitted"))
    try shop.provider(Shop.good)
    try shop.build(paid: 1)
  }

  @Test(arguments: [
    #"echo '{"ev":"failed","class":"model","message":"no"}'"#,
    #"echo '{"ev":"checkpoint","state":"intent"}'"#,
    "exit 1", "exec sleep 60", "yes '{\"ev\":\"note\",\"text\":\"x\"}'", "sleep 60 &",
  ])
  func `what follows the last word is not listened to`(script: String) throws {
    let shop = try Shop()
    try shop.provider(Shop.good + "\n" + script)
    try shop.build(paid: 1)
    #expect(try shop.cost.contains("spent $0.04"))
  }

  @Test(arguments: [
    #"{"ev":"throttled","seconds":1e300}"#, #"{"ev":"throttled","seconds":-1e999,"burst":1e300}"#,
    #"{"ev":"progress","text":"x","fraction":1e300}"#, #"{"ev":"progress","text":"x","fraction":-1e999}"#,
    #"{"ev":"progress","text":"x","fraction":NaN}"#, #"{"ev":"note","text":null}"#, "[[[[", "\\0\\377", "",
  ])
  func `no number and no nonsense ends us`(line: String) throws {
    let shop = try Shop()
    try shop.provider("printf '\(line)\\n'\n" + Shop.good)
    try shop.build(paid: 1)
  }

  @Test(arguments: [
    (#""usd":"-5""#, "0.05"), (#""usd":1e300"#, "0.05"), (#""usd":"nan""#, "0.05"), (#""usd":null"#, "0.05"),
    (#""billed":{"seconds":1e300}"#, "0.05"), (#""billed":{"seconds":-1}"#, "0.05"),
    (#""billed":{"in":-9,"out":9223372036854775807}"#, "0.05"), (#""seed":9223372036854775807"#, "0.05"),
    (#""billed":[1],"model":7,"seed":1e300"#, "0.05"),
  ])
  func `a bill that makes no sense counts as what was reserved`(bill: String, cost: String) throws {
    let shop = try Shop()
    try shop.provider(Shop.good.replacing(#""usd":"0.04""#, with: bill))
    try shop.build(paid: 1)
    #expect(try shop.cost.contains("spent $\(cost)"))
    try shop.build(paid: 1)
  }

  @Test func `what failed for money unasked counts`() throws {
    let shop = try Shop()
    try shop.provider(#"read -r r; echo '{"ev":"failed","class":"model","message":"no","usd":"0.03"}'"#)
    #expect(try shop.build(exits: 1, paid: 0).contains("spent $0.03"))
    #expect(try shop.cost.contains("spent $0.03, $0.03 for 1 request that gave nothing to use"))
  }

  @Test func `a line without an end is given up`() throws {
    let shop = try Shop()
    try shop.provider(Shop.good.replacing("cp clip.mp4", with: "tr '\\0' x < /dev/zero; cp clip.mp4"))
    #expect(try shop.build(exits: 6, paid: 1).contains("without an answer"))
    try shop.provider(Shop.good)
    try shop.build(paid: 1)
  }
}
