import CampaignCore
import CampaignSyntax
import Testing

/// What a sound Campaignfile means.
struct EvaluationTests {
  private func parameters(
    _ source: String, profile: String? = nil, set: [(name: String, value: String)] = [],
    environment: [String: String] = [:]
  ) throws -> [String: [Campaign.Part]] {
    let (campaign, diagnostics) = load(
      ["Campaignfile": source], profile: profile, set: set, environment: environment)
    #expect(diagnostics == [])
    guard case .action(_, let parameters) = try #require(campaign?.rules.first).recipe else { return [:] }
    return Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.parts) })
  }

  @Test func valuesAreSpelledInOneWay() throws {
    let all = try parameters(
      """
      campaign c
      a: b
          render
          duration = 1500ms        # a comment
          loudness = -14.0 LUFS
          price    = 25.5 USD
          speed    = 1
          prompt   = "say \\"hi\\" # no comment"
      """)
    #expect(all["duration"] == [.text("1.5s")])
    #expect(all["loudness"] == [.text("-14 LUFS")])
    #expect(all["price"] == [.text("25500000")])
    #expect(all["speed"] == [.text("1.0")])
    #expect(all["prompt"] == [.text("say \"hi\" # no comment")])
  }

  @Test func whatARuleLeavesOutComesFromTheSettingOrTheDefault() throws {
    let all = try parameters("campaign c\nsize = 640x360\na: b\n    render\n    duration = 6s\n")
    #expect(all["size"] == [.text("640x360")])
    #expect(all["fps"] == [.text("30")])
    #expect(all["prompt"] == nil)
  }

  @Test(
    arguments: [
      ([], [:], nil, "file"), ([], [:], "draft", "profile"),
      ([], ["CAMPAIGN_MY_WORD": "environment"], "draft", "environment"),
      ([("my-word", "command line")], ["CAMPAIGN_MY_WORD": "environment"], "draft", "command line"),
    ] as [([(String, String)], [String: String], String?, String)])
  func nearerWins(set: [(String, String)], environment: [String: String], profile: String?, word: String)
    throws
  {
    let source =
      "campaign c\nmy-word = file\nprofile draft\n    my-word = profile\na: b\n    render\n    duration = 6s\n    prompt = $my-word\n"
    let all = try parameters(
      source, profile: profile, set: set.map { (name: $0.0, value: $0.1) }, environment: environment)
    #expect(all["prompt"] == [.text(word)])
  }

  @Test func settingsReadEachOtherAnywhere() throws {
    let all = try parameters(
      "campaign c\na: b\n    render\n    duration = 6s\n    prompt = \"$long in $$5\"\nlong = \"very $word\"\nword = calm\n"
    )
    #expect(all["prompt"] == [.text("very calm in $5")])
  }

  @Test func longStringsLoseTheirIndentation() throws {
    let all = try parameters(
      "campaign c\na: b\n    render\n    duration = 6s\n    prompt = \"\"\"\n        Low shot,\n          rippling.\n        \"\"\"\n"
    )
    #expect(all["prompt"] == [.text("Low shot,\n  rippling.")])
  }

  @Test func fieldsOfAnElementStayOpen() throws {
    let all = try parameters(
      "campaign c\nx/{p.id}: {p.first} for p in f\n    render\n    duration = {p.duration}\n    prompt = \"Shot of {p.id}.\"\n"
    )
    #expect(all["duration"] == [.field(variable: "p", name: "duration")])
    #expect(all["prompt"] == [.text("Shot of "), .field(variable: "p", name: "id"), .text(".")])
  }

  @Test func scenesCarryTheFieldsThatTheActionSees() throws {
    let source =
      "campaign c\nscene hook\n    tags = pool  # water\n    music = loud\nscene end\n    prompt = \"Bye\"\na: b\n    choose\n"
    #expect(
      try parameters(source + "    scenes = all\n")["scenes"]
        == [.text(#"[{"name":"hook","tags":"pool"},{"name":"end","prompt":"Bye"}]"#)])
    #expect(
      try parameters(source + "    scenes = end\n")["scenes"] == [.text(#"[{"name":"end","prompt":"Bye"}]"#)])
  }

  @Test func scriptsGetTheSettingsTheyName() throws {
    let source =
      "campaign c\nfade-in = 5\nother = 6\nx/{p.id}: b for p in f\n    costly = yes\n    $ echo $fade_in ${p_id} $HOME \\\n      more\n    $ true\n"
    let campaign = try #require(load(["Campaignfile": source]).campaign)
    guard case .shell(let script, let variables) = campaign.rules[0].recipe else {
      return #expect(Bool(false))
    }
    #expect(script == "echo $fade_in ${p_id} $HOME \\\n      more\ntrue")
    #expect(variables.map(\.name) == ["fade_in", "p_id"])
    #expect(variables.map(\.parts) == [[.text("5")], [.field(variable: "p", name: "id")]])
    #expect(campaign.rules[0].isCostly)
  }

  @Test func includesPoolsBudgetAndAliases() throws {
    let campaign = try #require(
      load([
        "Campaignfile": "campaign c\ninclude more/rules\nbudget = 25.00 USD\nfilm: \"a file\"\n",
        "more/rules": "pool veo\n    width = 3\n\"a file\": src/*.jpg\n    pool = veo\n    $ true\n",
      ]).campaign)
    #expect(campaign.budget == Money(micros: 25_000_000))
    #expect(campaign.pools.map(\.width) == [3])
    #expect(campaign.rules.map(\.outputs[0].parts) == [[.text("a file")], [.text("film")]])
    #expect(campaign.rules[0].inputs[0].isGlob && campaign.rules[0].pool == "veo")
    guard case .alias = campaign.rules[1].recipe else { return #expect(Bool(false)) }
  }
}
