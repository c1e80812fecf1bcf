import CampaignCore
import CampaignEngine
import CampaignReporting
import Testing

@Suite struct PlanTests {
  @Test func listsWhatWouldRunAndWhy() {
    #expect(
      stalePlan().text(.plain) == """
        make     build/hook.mp4             free     photos/a.jpg changed
        restore  build/music.m4a            free     build/music.m4a is missing
        adopt    build/brief.json           free     build/brief.json was edited by hand
        depends  build/final.mp4            ≤ $0.90  after build/hook.mp4
        later    build/clips/{pair.id}.mp4           known once build/pairs.json is made
        plan: 1 to make, 1 to restore, 1 to adopt, 1 undecided, 2 current; free, about 1m20s; more once build/pairs.json is made
        no rule makes build/clips/old.mp4 any more: `campaign clean orphans` lists them

        """)
  }

  @Test func listsWhatIsCurrentOnlyWhenAsked() {
    #expect(currentPlan().text(.plain) == "nothing to do: 2 targets are current\n")
    #expect(
      currentPlan().text(listsCurrent: true, .plain) == """
        current  build/hook.mp4
        current  build/final.mp4
        nothing to do: 2 targets are current

        """)
  }

  @Test func saysThatAnEditIsKept() {
    var plan = currentPlan()
    plan.entries[1].verdict = .kept
    #expect(plan.text(.plain) == "nothing to do: 1 target is current, 1 edited by hand is kept\n")
  }

  @Test func isJSONForPrograms() {
    var plan = Plan()
    plan.entries = [entry("a", from: ["b"], .stale([photoChanged]))]
    #expect(
      plan.json.compact == #"""
        {"v":1,"current":false,"forecast":{"toMake":0,"toRestore":0,"toAdopt":0,"undecided":0,"current":0,"usd":0.00,\#
        "usdAtMost":0.00,"usdAwaited":0.00,"inFlight":0,"usdInFlight":0.00,"seconds":null},"steps":[{"outputs":["a"],"inputs":["b"],"action":"generate-clip","pool":"cpu",\#
        "verdict":"stale","why":["photos/a.jpg changed"],"usd":0.00,"payee":null,"notes":[],"usualSeconds":12.000,\#
        "site":"Campaignfile:14"}],"pending":[],"orphans":[]}
        """#)
  }

  @Test func statusOfAStaleFilmSaysWhyAndWhatNext() {
    #expect(
      Status(campaign: "villa", plan: stalePlan()).text(.plain) == """
        villa is stale
          film       build/final.mp4 depends on build/hook.mp4; build/brief.json is to be adopted: \
        build/brief.json was edited by hand; and 1 more
          waits for  nobody
          why        photos/a.jpg changed, build/music.m4a is missing, build/brief.json was edited by hand; \
        1 to make, 1 to restore, 1 to adopt, 1 undecided, 2 current; free, about 1m20s; more once build/pairs.json is made
          in flight  nothing
          spent      nothing
        no rule makes build/clips/old.mp4 any more: `campaign clean orphans` lists them
        next: campaign build

        """)
  }

  @Test func statusNamesPeopleMoneyAndFailures() {
    var plan = currentPlan()
    plan.entries.append(
      entry("build/clips/hook.mp4", from: ["build/pairs.json"], .awaiting(["build/pairs.json"])))
    var now = Status.Circumstances()
    now.builder = "pid 4711"
    now.pausedPools = ["replicate"]
    now.lastBuild = "amber-heron"
    now.failures = [("build/clips/hook.mp4", "the provider refuses")]
    now.inFlight = [("build/clips/pool.mp4", "replicate")]
    now.inFlightCost = Money(micros: 900_000)
    now.spent = Money(micros: 2_700_000)
    now.budget = Money(micros: 25_000_000)
    #expect(
      Status(campaign: "villa", plan: plan, now).text(.plain) == """
        villa is stale
          film       build/final.mp4 is current; build/clips/hook.mp4 is waiting for your approval of build/pairs.json
          waits for  your approval of build/pairs.json; a build that runs: pid 4711; paused: replicate
          why        build/clips/hook.mp4 failed in amber-heron: the provider refuses; 2 current; free
          in flight  1 request, up to $0.90: build/clips/pool.mp4 at replicate
          spent      $2.70 of $25.00
        next: campaign approve build/pairs.json

        """)
  }

  @Test func statusOfACurrentFilmIsShort() {
    let status = Status(campaign: "villa", plan: currentPlan())
    #expect(
      status.text(.plain) == """
        villa is current
          film       build/final.mp4 is current
          waits for  nobody
          why        2 targets current
          in flight  nothing
          spent      nothing
        next: nothing to do

        """)
    #expect(status.json["current"] == .bool(true))
    #expect(status.json["final"]?.array?.count == 1)
  }

  @Test func drawsForGraphviz() {
    #expect(
      GraphText(currentPlan()).text(.dot) == #"""
        digraph campaign {
          rankdir=LR
          node [shape=box style=filled]
          n0 [label="photos/a.jpg" fillcolor="#eeeeee"]
          n1 [label="build/hook.mp4\ngenerate-clip" fillcolor="#c8e6c9"]
          n2 [label="build/final.mp4\nmix-audio" fillcolor="#c8e6c9"]
          n0 -> n1
          n1 -> n2
        }

        """#)
  }

  @Test func drawsForMermaid() {
    var plan = currentPlan()
    plan.entries[1].outputs = ["a \"b\""]
    #expect(
      GraphText(plan).text(.mermaid) == """
        flowchart LR
          n0["photos/a.jpg"]:::source
          n1["build/hook.mp4<br>generate-clip"]:::current
          n2["a #quot;b#quot;<br>mix-audio"]:::current
          n0 --> n1
          n1 --> n2
          classDef source fill:#eeeeee,color:#000
          classDef current fill:#c8e6c9,color:#000

        """)
  }
}
