import CampaignCore
import Glibc
import Testing

/// Buying clips: what is bought, what is not, and what stays.
@Suite struct ProductionTests {
  private static let clip = "build/clips/hook.mp4"

  @Test func `a second build makes no request`() throws {
    let shop = try Rehearsed(clips: ["hook", "outro"])
    try shop.build("--max-cost", "5")
    let requests = try shop.requests
    let run = try shop.build()
    #expect(run.narration == "nothing to do: 3 targets are current\n")
    #expect(try shop.requests == requests)
    #expect(try shop.creates == 2)
    try shop.expectHonesty(spent: 500)
  }

  @Test func `what does not change a clip buys none`() throws {
    let shop = try Rehearsed(clips: ["hook", "outro"])
    try shop.build("--max-cost", "5")
    try shop.write(clips: ["outro", "hook"])
    try shop.test.write(
      try #require(try shop.test.read("Campaignfile")) + "\n# a comment\n", to: "Campaignfile")
    shop.test.touch("photos/a.jpg")
    try shop.build()
    try shop.build("--set", "size=96x54")
    try shop.build("--set", "fps=24")
    #expect(try shop.creates == 2)
    try shop.write(clips: ["intro", "outro", "hook"])
    try shop.build("--max-cost", "5")
    #expect(try shop.creates == 3)
  }

  @Test func `one changed photo buys its pair alone, and going back is free`() throws {
    let shop = try Rehearsed()
    let pairs =
      #"[{"id": "one", "first": "photos/a.jpg", "last": "photos/b.jpg", "prompt": "x"}, "#
      + #"{"id": "two", "first": "photos/c.jpg", "last": "photos/d.jpg", "prompt": "y"}]"#
    try shop.test.write(pairs, to: "pairs.txt")
    try shop.build("--max-cost", "5")
    let before = try Files.read(shop.test.path("photos/d.jpg"))
    try Files.write(try Files.read(shop.test.path("photos/a.jpg")), to: shop.test.path("photos/d.jpg"))
    try shop.build("--max-cost", "5")
    #expect(try shop.creates == 3)
    try Files.write(before, to: shop.test.path("photos/d.jpg"))
    try shop.build()
    shop.test.remove("build")
    try shop.build()
    #expect(try shop.creates == 3)
  }

  // MARK: - Money

  @Test func `nothing is bought without leave`() throws {
    let shop = try Rehearsed()
    try shop.build("build/pairs.json")
    #expect(try shop.build(exits: 5).narration.contains("nothing says how much it may"))
    #expect(
      try shop.build("--max-cost", "0.01", exits: 5).narration.contains("is left of $0.01 for this build"))
    #expect(try shop.creates == 0)
  }

  @Test func `a limit holds for what was spent before`() throws {
    let shop = try Rehearsed(rules: "budget = 0.12 USD\n" + Rehearsed.head + Rehearsed.clips)
    try shop.write(clips: ["hook", "outro"])
    try shop.build()
    #expect(try shop.creates == 2)
    try shop.write(clips: ["hook", "outro", "extra"])
    try shop.build(exits: 5)
    #expect(try shop.creates == 2)
    try shop.expectHonesty(spent: 12)
  }

  @Test func `a frozen build says what it would have to buy`() throws {
    let shop = try Rehearsed(clips: ["hook", "outro"])
    try shop.build("build/pairs.json")
    let run = try shop.build("--frozen", exits: 5)
    #expect(run.narration.contains("build/clips/hook.mp4  $0.05  stale: never built"))
    #expect(run.narration.contains("build/clips/outro.mp4"))
    try shop.build("--max-cost", "5")
    try shop.build("--frozen")
    #expect(try shop.creates == 2)
  }

  @Test func `many clips wait for the first`() throws {
    let shop = try Rehearsed(clips: ["a", "b", "c", "d", "e"])
    try shop.script(#"[{"on": "create", "do": "final", "error": "pa", "times": 3}]"#)
    try shop.build("--max-cost", "5", "-k", exits: 6)
    #expect(try shop.creates == 3)
    try shop.build("--max-cost", "5")
    #expect(try shop.creates == 8)
    try shop.expectHonesty()
  }

  @Test func `a plan foresees what the ledger then says`() throws {
    let shop = try Rehearsed(clips: ["a", "b"])
    try shop.build("build/pairs.json")
    #expect(try shop.run("plan").output.contains("plan: 2 to make, 1 current; $0.10"))
    try shop.build("--max-cost", "0.10")
    #expect(
      try shop.run("cost").output == """
        clip  $0.10  2 requests
        spent $0.10; $0.05 for each of 2 usable clips

        """)
  }

  @Test(arguments: [("n", 5, 0), ("y", 0, 1)])
  func `a person is asked once, with the plan`(answer: String, code: Int, creates: Int) throws {
    let shop = try Rehearsed()
    try shop.build("build/pairs.json")
    let program = try CommandTest.program("campaign")
    var command = Command([
      "sh", "-c", "echo \(answer) | env -u CI TERM=xterm script -qec '\(program) build' /dev/null",
    ])
    command.folder = shop.test.workspace
    command.seesSecrets = true
    for variable in shop.environment {
      let sides = variable.split(separator: "=", maxSplits: 1).map(String.init)
      command.environment[sides[0]] = sides[1]
    }
    let run = try command.run(log: "/dev/null", capture: true, interrupt: Interrupt())
    #expect(run.code == code, "it said: \(run.text)")
    #expect(run.text.contains("Spend up to $0.05? [y/N]"))
    #expect(try shop.creates == creates)
  }

  // MARK: - Takes

  @Test func `every take stays, and one of them counts`() throws {
    let shop = try Rehearsed()
    try shop.build("--max-cost", "5")
    let first = try Files.read(shop.test.path(Self.clip))
    try shop.build("--max-cost", "5", "--force", Self.clip)
    let second = try Files.read(shop.test.path(Self.clip))
    #expect(first != second)
    #expect(try shop.run("takes", Self.clip, "--use", "1").code == 0)
    #expect(try Files.read(shop.test.path(Self.clip)) == first)
    #expect(try shop.build().narration == "nothing to do: 2 targets are current\n")
    #expect(try shop.run("takes", Self.clip, "--reject", "1", "a hand").code == 0)
    #expect(try shop.run("plan").output.contains("its take was rejected"))
    try shop.build("--max-cost", "5")
    #expect(try shop.takes().map { $0["rejected"]?.string } == ["a hand", nil, nil])
    #expect(try shop.creates == 3)
    try shop.build("--max-cost", "5", "--force", Self.clip, "--tries", "2", "--seed", "7")
    #expect(try shop.jobs.suffix(2).map { $0["seed"]?.int } == [7, 7])
  }

  @Test func `another clone with the same store builds for nothing`() throws {
    let shop = try Rehearsed(clips: ["hook", "outro"])
    try shop.build("--max-cost", "5")
    try shop.build("--max-cost", "5", "--force", Self.clip)
    #expect(try shop.run("takes", Self.clip, "--use", "1").code == 0)
    let chosen = try Files.read(shop.test.path(Self.clip))
    #expect(try shop.test.shell("rm -rf build .campaign/cache .campaign/journal") == 0)
    try shop.build("--frozen")
    #expect(try Files.read(shop.test.path(Self.clip)) == chosen)
    #expect(try shop.creates == 3)
  }

  @Test func `a take that is nowhere is a question, not a purchase`() throws {
    let shop = try Rehearsed()
    try shop.build("--max-cost", "5")
    #expect(try shop.test.shell("rm -rf build .campaign") == 0)
    let run = try shop.build("--max-cost", "5", exits: 5)
    #expect(run.narration.contains("of Campaignfile.lock is not in the store"))
    #expect(try shop.creates == 1)
    try shop.build("--max-cost", "5", "--force", Self.clip)
    #expect(try shop.creates == 2)
  }

  // MARK: - Approvals

  @Test func `a build waits for an approval, item by item, and a change lapses it`() throws {
    let head = Rehearsed.head.replacing(
      #"$ cp "$in" "$out""#, with: "approve = yes\n    $ cp \"$in\" \"$out\"")
    let shop = try Rehearsed(rules: head + Rehearsed.clips)
    try shop.write(clips: ["hook", "outro"])
    let run = try shop.build("--max-cost", "5", exits: 4)
    #expect(run.narration.contains("look at .campaign/review/build/pairs.json.jpg"))
    #expect(run.narration.contains("  hook   photos/a.jpg -> photos/b.jpg  $0.05"))
    #expect(Files.exists(shop.test.path(".campaign/review/build/pairs.json.jpg")))
    #expect(try shop.creates == 0)
    #expect(try shop.run("approve", "build/pairs.json", "outro").code == 0)
    try shop.build("--max-cost", "5", exits: 4)
    #expect(try shop.jobs.map { $0["prompt"]?.string } == ["Slowly through outro."])
    #expect(try shop.run("approve", "build/pairs.json").code == 0)
    try shop.build("--max-cost", "5")
    #expect(try shop.creates == 2)
    try shop.write(clips: ["hook", "outro", "extra"])
    try shop.build("--max-cost", "5", exits: 4)
    #expect(try shop.creates == 2)
  }

  @Test func `a rejected item is out of the file, and what was approved of the rest stays so`() throws {
    let head = Rehearsed.head.replacing(
      #"$ cp "$in" "$out""#, with: "approve = yes\n    $ cp \"$in\" \"$out\"")
    let shop = try Rehearsed(rules: head + Rehearsed.clips)
    try shop.write(clips: ["hook", "lobby", "outro"])
    try shop.build("--max-cost", "5", exits: 4)
    #expect(try shop.run("approve", "build/pairs.json", "lobby", "--reject").code == 0)
    #expect(try shop.run("approve", "build/pairs.json", "lobby", "--reject").code == 2)
    #expect(try shop.run("plan", "build/pairs.json").output.contains("nothing to do"))
    #expect(try shop.run("approve", "build/pairs.json", "hook").code == 0)
    try shop.build("--max-cost", "5", exits: 4)
    #expect(try shop.jobs.map { $0["prompt"]?.string } == ["Slowly through hook."])
    #expect(try shop.run("approve", "build/pairs.json").code == 0)
    #expect(try shop.run("approve", "build/pairs.json", "hook", "--reject").code == 0)
    try shop.build("--max-cost", "5")
    #expect(try shop.jobs.compactMap { $0["prompt"]?.string }.sorted().last == "Slowly through outro.")
    #expect(try shop.creates == 2)
    let last = try shop.run("approve", "build/pairs.json", "outro", "--reject")
    #expect((last.code, last.narration.contains("nothing would be left of `build/pairs.json`")) == (2, true))
    try shop.build("--max-cost", "5", "--force", "build/pairs.json", exits: 4)
  }

  // MARK: - Models

  @Test(arguments: [
    "google/veo-3.1", "google/veo-3.1-fast", "google/veo-3.1-lite", "minimax/hailuo-02", "kwaivgi/kling-v2.1",
    "kwaivgi/kling-v3-video", "kwaivgi/kling-v3-omni-video", "kwaivgi/kling-o1", "bytedance/seedance-2.0",
    "bytedance/seedance-2.0-fast", "bytedance/seedance-2.5", "luma/ray-2-720p", "pixverse/pixverse-v5",
    "pixverse/pixverse-v6", "prunaai/p-video", "wan-video/wan-2.2-i2v-fast",
  ])
  func `every model of the table makes a clip`(model: String) throws {
    let shop = try Rehearsed()
    let run = try shop.build("--max-cost", "5", "--set", "by=replicate \(model)")
    #expect(try shop.jobs.map { $0["model"]?.string } == [model])
    try shop.expectOneSum(run)
    try shop.expectHonesty()
  }

  @Test(arguments: [
    "meta/musicgen", "google/lyria-2", "google/lyria-3", "google/lyria-3-pro",
    "stability-ai/stable-audio-2.5",
    "elevenlabs/music",
  ])
  func `every model of the table makes music of the film's length`(model: String) throws {
    let music =
      "\n\nbuild/music.m4a: build/pairs.json\n    compose-music\n    by   = replicate \(model)\n    clip = 5s"
    let shop = try Rehearsed(rules: Rehearsed.head + music)
    try shop.write(clips: (0..<8).map { "scene-\($0)" })
    try shop.expectOneSum(try shop.build("--max-cost", "5"))
    #expect(try shop.jobs.map { $0["model"]?.string } == [model])
    let probe = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"]
    let length = try Command(probe + [shop.test.path("build/music.m4a")]).run(
      log: "/dev/null", capture: true, interrupt: Interrupt())
    #expect(abs((Double(length.text.filter { $0.isNumber || $0 == "." }) ?? 0) - 40) < 0.1)
    try shop.expectHonesty()
  }

  @Test func `answers that are refused count in every sum`() throws {
    let rules = """
      build/manifest.json: photos/*.jpg
          collect

      build/pairs.json: build/manifest.json
          select-pairs
          by    = xai grok-4.3
          count = 1
      """
    let shop = try Rehearsed(rules: rules)
    try shop.script(#"[{"on": "chat", "do": "invalid_json"}]"#)
    try shop.expectOneSum(try shop.build("--max-cost", "5"))
    #expect(try shop.run("cost").output.contains("for 1 request that gave nothing to use"))
  }

  // MARK: - Keys

  @Test func `keys may lie in a file that nobody else can read`() throws {
    let shop = try Rehearsed()
    let keys = shop.test.folder + "/keys"
    try Files.write("REPLICATE_API_TOKEN=\(Rehearsed.token)\n", to: keys)
    let environment =
      shop.environment.filter { !$0.hasPrefix("REPLICATE_API_TOKEN") } + ["CAMPAIGN_KEYS=\(keys)"]
    chmod(keys, 0o644)
    let open = try shop.test.run(["build", "--max-cost", "5"], environment: environment)
    #expect(open.code == 1)
    #expect(open.narration.contains("chmod 600"))
    chmod(keys, 0o600)
    #expect(try shop.test.run(["build", "--max-cost", "5"], environment: environment).code == 0)
    try shop.expectHonesty()
    let none = try shop.test.run(
      ["build", "--max-cost", "5", "--force", Self.clip],
      environment: shop.environment.filter { !$0.hasPrefix("REPLICATE_API_TOKEN") })
    #expect(none.narration.contains("REPLICATE_API_TOKEN is not set"))
  }

  // MARK: - Refusals

  @Test(arguments: [("fail", 1), ("skip", 0), ("still", 0)])
  func `a refused clip is what the Campaignfile says`(policy: String, code: Int) throws {
    let rules = Rehearsed.head + Rehearsed.clips + "\n    on-rejected = \(policy)" + Rehearsed.film
    let shop = try Rehearsed(clips: ["a", "b", "c"], rules: rules)
    try shop.script(#"[{"on": "create", "nth": 2, "do": "final", "error": "nsfw_e005"}]"#)
    let run = try shop.build("--max-cost", "5", exits: code)
    #expect(run.narration.contains("flagged as sensitive"))
    #expect(try shop.creates == 3)
    #expect(Files.exists(shop.test.path("build/film.mp4")) == (code == 0))
    if policy == "skip" { #expect(run.narration.contains("2 clips, 10.0 s")) }
    if policy == "still" { #expect(run.narration.contains("3 clips, 15.0 s")) }
  }

  // MARK: - Two at once, and interruptions

  @Test func `two terminals buy once`() throws {
    let shop = try Rehearsed(clips: ["a", "b", "c"])
    let first = shop.test.start("build", "--max-cost", "5", environment: shop.environment)
    let second = shop.test.start("build", "--max-cost", "5", environment: shop.environment)
    #expect(try first.wait().code == 0)
    #expect(try second.wait().code == 0)
    #expect(try shop.creates == 3)
  }

  /// A build whose one job hangs at the provider.
  private func stuck(_ shop: Rehearsed) throws -> RunningCommand {
    try shop.script(#"[{"on": "create", "do": "stick"}]"#)
    let build = shop.test.start("build", "--max-cost", "5", environment: shop.environment)
    while try Ledger(shop).submitted == 0 {}
    return build
  }

  /// What the ledger of a workspace says.
  private struct Ledger {
    let lines: [Substring]
    init(_ shop: Rehearsed) throws {
      lines = (try shop.test.read(".campaign/journal") ?? "").split(separator: "\n")
    }
    var submitted: Int { lines.count { $0.contains(#""state":"submitted""#) } }
  }

  @Test(arguments: [SIGINT, SIGKILL])
  func `a job outlives the build that ordered it`(signal: Int32) throws {
    let shop = try Rehearsed()
    let build = try stuck(shop)
    #expect(try shop.run("plan").output.contains("ordered already"))
    build.signal(signal)
    let ended = try build.wait()
    #expect(ended.code == 128 + Int(signal))
    if signal == SIGINT {
      #expect(ended.narration.contains("1 paid request goes on at the provider (up to $0.05)"))
    }
    try shop.advance(seconds: 1_000_000)
    let run = try shop.build()
    #expect(run.narration.contains("was ordered by an earlier build ($0.05): picking it up"))
    #expect(try shop.creates == 1)
    try shop.expectHonesty(spent: 5)
  }

  @Test func `what was ordered before the order changed is kept, too`() throws {
    let shop = try Rehearsed()
    let build = try stuck(shop)
    build.signal(SIGKILL)
    _ = try build.wait()
    try shop.advance(seconds: 1_000_000)
    let pairs = try #require(try shop.test.read("pairs.txt"))
    try shop.test.write(pairs.replacing("Slowly", with: "Fast"), to: "pairs.txt")
    #expect(try shop.build("--max-cost", "5").narration.contains("as it was ordered before, has come"))
    #expect(try shop.creates == 2)
    try shop.test.write(pairs, to: "pairs.txt")
    try shop.build("--frozen")
    #expect(try shop.creates == 2)
  }

  @Test func `a request of unknown fate that nobody wants any more is looked for, and closed`() throws {
    let shop = try Rehearsed()
    try shop.script(#"[{"on": "create", "do": "reset_before_accept", "times": 99}]"#)
    let build = shop.test.start("build", "--max-cost", "5", environment: shop.environment)
    while try !(shop.test.read(".campaign/journal") ?? "").contains(#""state":"intent""#) {}
    build.signal(SIGKILL)
    _ = try build.wait()
    _ = try shop.ask("/_reset")
    try shop.test.write("[]", to: "pairs.txt")
    try shop.build("--max-cost", "5")
    #expect(try shop.run("cancel").output == "nothing is in flight\n")
    #expect(try shop.run("cost").output == "nothing was spent\n")
    #expect(try shop.creates == 0)
  }

  @Test func `a result that expired is a loss that is said`() throws {
    let shop = try Rehearsed()
    let build = try stuck(shop)
    build.signal(SIGKILL)
    _ = try build.wait()
    try shop.advance(seconds: 1_010_000)
    #expect(try shop.build(exits: 1).narration.contains("keeps it for an hour"))
    #expect(try shop.run("cost").output.contains("spent $0.05"))
  }

  @Test func `what is in flight can be canceled`() throws {
    let shop = try Rehearsed()
    let build = try stuck(shop)
    build.signal(SIGINT)
    _ = try build.wait()
    #expect(try shop.run("cancel").output.contains("canceled; up to $0.05 may be charged"))
    #expect(try shop.jobs.map { $0["status"]?.string } == ["canceled"])
    #expect(try shop.run("cancel").output == "nothing is in flight\n")
  }
}
