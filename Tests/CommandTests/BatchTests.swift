import CampaignCore
import Testing

/// Several campaigns in one build: shared places, one limit, one exit code.
@Suite struct BatchTests {
  /// Two workspaces, `a` and `b`, whose steps share the pool `gpu` of one place.
  private func pair(_ last: String = "cp \"$in\" \"$out\"") throws -> CommandTest {
    let test = try CommandTest("", [:])
    for name in ["a", "b"] {
      try test.write(
        """
        campaign \(name)

        pool gpu
            width = 1

        build/one.txt: in.txt
            pool = gpu
            $ mkdir ../../lock || echo together >> ../../runs; cp "$in" "$out"; rmdir ../../lock || true

        build/film.txt: build/one.txt
            $ echo \(name) >> ../../runs; \(last)

        """, to: "\(name)/Campaignfile")
      try test.write("1\n", to: "\(name)/in.txt")
    }
    return test
  }

  @Test func `campaigns share pools and keep their own state`() throws {
    let test = try pair()
    try test.build("-C", "a", "-C", "b", ran: ["a", "b"])
    #expect(try test.read("a/build/film.txt") == "1\n")
    #expect(try test.read("b/.campaign/cache") != nil)
    try test.build("-C", "a", ran: [])
    let run = try test.build("-C", "a", "-C", "b", ran: [])
    #expect(run.narration.contains("a: nothing to do: 2 targets are current\n"))
    #expect(try test.run(["-C", "a", "-C", "b", "build"]).code == 0)
    #expect(try test.build("-C", "a", "-C", "b", "--quiet", ran: []).narration == "")
  }

  @Test func `each plan and each event says whose it is`() throws {
    let test = try pair()
    let run = try test.build("-C", "a", "-C", "b", "--events", "events", ran: ["a", "b"])
    #expect(run.narration.contains(/\+\S+ +a +plan +1 to make, 1 undecided; free\n/))
    #expect(run.narration.contains(/\+\S+ +b +plan +1 to make, 1 undecided; free\n/))
    let events = try #require(try test.read("events")).split(separator: "\n").map { line in
      try JSON.parse(Array(line.utf8))
    }
    for name in ["a", "b"] {
      let own = events.filter { $0["campaign"]?.string == name }
      #expect(Set(own.map { $0["run"]?.string }).count == 1)
      #expect(own.last?["ev"]?.string == "run.finished")
    }
  }

  @Test func `a Campaignfile that names others builds all of them`() throws {
    let test = try pair()
    try test.write("# All of them\ninclude */Campaignfile\n", to: "Campaignfile")
    try test.build(ran: ["a", "b"])
    try test.build("-C", "b", ran: [])
    let run = try test.run(["plan"])
    #expect(run.code == 2)
    #expect(
      run.narration == """
        error: `Campaignfile` only names other campaigns: a, b
        help: `campaign build` builds all of them; name one for this: -C a

        """)
    try test.write("include none/*/Campaignfile\n", to: "Campaignfile")
    #expect(try test.build(exits: 2, ran: []).narration.contains("E0407"))
  }

  @Test func `one campaign's failure is the batch's, and stops no other`() throws {
    let test = try pair("test -e ok; cp \"$in\" \"$out\"")
    try test.write("", to: "b/ok")
    let run = try test.build("-C", "a", "-C", "b", exits: 1, ran: ["a", "b"])
    #expect(run.narration.contains("a/build/film.txt"))
    #expect(run.narration.contains("b: done in"))
    #expect(try test.read("b/build/film.txt") == "1\n")
  }

  @Test func `a mistake in one stops all before anything runs`() throws {
    let test = try pair()
    try test.write("campaign b\n\nx = $y\n", to: "b/Campaignfile")
    let run = try test.build("-C", "a", "-C", "b", exits: 2, ran: [])
    #expect(run.narration.hasPrefix("b/Campaignfile:3:5: error[E0201]"))
  }

  @Test func `other commands work in one folder`() throws {
    let test = try pair()
    let run = try test.run(["plan", "-C", "a", "-C", "b"])
    #expect(run.code == 2 && run.narration.contains("`campaign build` takes `-C` several times"))
  }

  @Test func `an interrupt stops all of them`() throws {
    let test = try pair("sleep 600")
    for name in ["a", "b"] {
      let text = try #require(try test.read("\(name)/Campaignfile"))
      try test.write(
        text.replacing("sleep 600", with: "echo here > ../../\(name).here; sleep 600"),
        to: "\(name)/Campaignfile")
    }
    let gates = try [Gate("a", test), Gate("b", test)]
    let build = test.start("build", "-C", "a", "-C", "b")
    for gate in gates { try gate.waitForStep() }
    build.signal(2)
    let run = try build.wait()
    #expect(run.code == 130, "it said: \(run.narration)")
  }

  @Test func `one limit holds for all`() throws {
    let shop = try Rehearsed(clips: ["hook"])
    let test = shop.test
    #expect(try test.shell("for d in a b; do mkdir $d; cp -r Campaignfile pairs.txt photos $d; done") == 0)
    #expect(try test.run(["build", "-C", "a", "-C", "b", "build/pairs.json"]).code == 0)
    let plan = try test.run(["plan", "--json", "-C", "a"])
    let once = try #require(try JSON.parse(Array(plan.output.utf8))["forecast"]?["usdAtMost"]?.double)
    let refused = try shop.run("build", "-C", "a", "-C", "b")
    #expect(refused.code == 5, "it said: \(refused.narration)")
    let run = try shop.run("build", "-C", "a", "-C", "b", "--max-cost", "\(once * 1.5)")
    #expect(run.code == 5, "it said: \(run.narration)")
    #expect(try shop.creates == 1)
    let rest = try shop.run("build", "-C", "a", "-C", "b", "--max-cost", "\(once * 1.5)")
    #expect(rest.code == 0, "it said: \(rest.narration)")
    #expect(try shop.creates == 2)
  }
}
