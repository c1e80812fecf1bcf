import CampaignCore
import Glibc
import Testing

/// What was delivered stays so, whatever goes wrong on this machine: it is looked at again, and never paid twice.
@Suite struct DeliveredTests {
  /// Probes what has come by a script of its own, and all else as ever.
  private static func probe(_ script: String) -> String {
    "case \"$*\" in *incoming*) \(script) ;; esac\nexec \(ffprobe) \"$@\""
  }

  private static let ffprobe = "env PATH=/usr/local/bin:/usr/bin:/bin ffprobe"

  @Test(arguments: [SIGINT, SIGTERM])
  func `an interrupt while it is looked at pays nothing twice`(signal: Int32) throws {
    let shop = try Shop()
    let gate = try Gate("probe", shop.test)
    let broken = try shop.replace(
      "ffprobe", with: Self.probe("cd \(shop.test.workspace); \(Gate.script("probe"))"))
    let build = shop.test.start("build", "--max-cost", "1", environment: broken)
    try gate.waitForStep()
    build.signal(signal)
    #expect(try build.wait().code == 128 + Int(signal))
    #expect(try shop.test.run(["takes", Shop.clip]).output.contains("rejected") == false)
    gate.remove()
    try shop.build(paid: 1)
  }

  @Test(arguments: [
    "exit 1", "exit 127", "kill -9 $$", "echo '{}'; exit 0", "echo nonsense; exit 0",
    #"echo '{"error":{"code":-24,"string":"Too many open files"}}'; exit 1"#,
  ])
  func `a program that cannot look says nothing of a clip`(script: String) throws {
    let shop = try Shop()
    let broken = try shop.replace("ffprobe", with: Self.probe(script))
    for _ in 1...2 {
      let said = try shop.build(environment: broken, exits: 1, paid: 1)
      #expect(said.contains("could not be looked at") && said.contains("pays nothing"), "it said: \(said)")
    }
    #expect(try shop.cost.contains("$0.05 in flight"))
    try shop.build(paid: 1)
    #expect(try shop.cost.contains("spent $0.04"))
  }

  @Test func `without ffprobe nothing is bought`() throws {
    let shop = try Shop()
    #expect(
      try shop.test.shell(
        "mkdir ../bin; for p in sh sed cat cp mv ffmpeg; do ln -s $(command -v $p) ../bin/$p; done") == 0)
    for _ in 1...2 {
      let said = try shop.build(environment: ["PATH=\(shop.test.folder)/bin"], exits: 2, paid: 0)
      #expect(said.contains("`ffprobe` is not installed"), "it said: \(said)")
    }
    try shop.build(paid: 1)
  }

  @Test(arguments: [
    "echo junk > clip.mp4", ": > clip.mp4", "head -c 900 clip.mp4 > c; mv c clip.mp4", "cp a.png clip.mp4",
  ])
  func `a clip that is none is rejected by what it is, and kept`(damage: String) throws {
    let shop = try Shop()
    #expect(try shop.test.shell("cp clip.mp4 good.mp4; \(damage)") == 0)
    #expect(try shop.build(exits: 1, paid: 1).contains("is not what was asked for"))
    #expect(try shop.test.shell("cp good.mp4 clip.mp4") == 0)
    try shop.build(paid: 2)
    #expect(try shop.test.run(["takes", Shop.clip]).output.contains("rejected"))
  }

  @Test func `a store that cannot be written loses nothing`() throws {
    let shop = try Shop()
    #expect(try shop.test.shell("mkdir -p .campaign/store; echo > .campaign/store/objects") == 0)
    try shop.build(exits: 1, paid: 1)
    shop.test.remove(".campaign/store/objects")
    try shop.build(paid: 1)
  }

  /// A link to itself cannot be opened, and is no missing file.
  @Test(arguments: [".campaign/journal", "Campaignfile.lock", "bought"])
  func `a memory that cannot be read is no empty one`(file: String) throws {
    let shop = try Shop()
    try shop.build(paid: 1)
    let shelf = "$(find .campaign/store/bought -type f)"
    let path = file == "bought" ? shelf : file
    #expect(
      try shop.test.shell("f=\(path); mv $f kept; ln -s $(basename $f) $f; rm -r build .campaign/cache") == 0)
    let said = try shop.build(exits: 1, paid: 1)
    #expect(said.contains("Too many levels of symbolic links"), "it said: \(said)")
    #expect(try shop.test.shell("f=$(find . -type l); mv kept $f") == 0)
    try shop.build(paid: 1)
  }

  /// Jobs that ran are charged, and another is not ordered unasked.
  @Test(arguments: [
    ("", "canceled"), (#"checkpoint succeeded '{"output":""}';"#, "model"), ("", "lost"),
    (#"checkpoint succeeded '{"output":""}';"#, "infrastructure"),
  ])
  func `what a job that ran came to nothing for counts as what was reserved`(before: String, kind: String)
    throws
  {
    let shop = try Shop()
    let end = #"\#(before) echo '{"ev":"failed","class":"\#(kind)","message":"no"}'; exit 1; cp clip.mp4"#
    try shop.provider(Shop.good.replacing("cp clip.mp4", with: end))
    let said = try shop.build(exits: 1, paid: 1)
    #expect(said.contains("spent $0.05"), "it said: \(said)")
    #expect(try shop.cost.contains("spent $0.05, $0.05 for 1 request that gave nothing to use"))
  }

  @Test func `a clip that had come before the provider lost it is taken`() throws {
    let shop = try Shop()
    let lost = #"*'"state":"submitted"'*) echo '{"ev":"failed","class":"lost","message":"gone"}'; exit 1 ;;"#
    let killed = Shop.good.replacing("echo '{\"ev\":\"done\"", with: "kill -9 $PPID; echo '{\"ev\":\"done\"")
    try shop.provider(killed.replacing(#"*'"state":"submitted"'*) ;;"#, with: lost))
    try shop.build(exits: 137, paid: 1)
    try shop.build(paid: 1)
  }
}
