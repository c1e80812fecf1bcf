import CampaignCore
import Testing

/// What `--json` prints has the form that `campaign schema` prints, in every command and in many states.
@Suite struct SchemaTests {
  static let rules = """
    build/a.txt: a.txt
        $ cp "$in" "$out"; test ! -e ../broken

    build/items.json: a.txt
        $ echo '[{"id": "one"}]' > "$out"

    build/{item.id}.txt: a.txt for item in build/items.json
        costly = yes
        $ cp "$in" "$out"
    """

  static let commands: [(call: [String], name: String)] = [
    (["status"], "status"), (["plan"], "plan"), (["plan", "-B"], "plan"),
    (["explain", "build/a.txt"], "explain"),
    (["history"], "history"), (["history", "last"], "history-build"), (["verify"], "verify"),
    (["gc", "--older-than", "0d"], "gc"), (["clean"], "clean"), (["graph"], "graph"), (["cost"], "cost"),
    (["models"], "models"),
    (["check"], "check"), (["check", "--set", "x=1"], "check"), (["doctor"], "doctor"),
    (["log", "build/a.txt"], "log"), (["report"], "report"), (["build", "-C", ".", "-C", "."], "batch"),
  ]

  private func schema(_ test: CommandTest) throws -> JSONSchema {
    JSONSchema(try JSON.parse(Array(try test.run(["schema"]).output.utf8)))
  }

  private func check(
    _ call: [String], as name: String, _ schema: JSONSchema, _ run: ([String]) throws -> CommandTest.Run,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let output = try run(call + ["--json"]).output
    let faults = schema.faults(of: try JSON.parse(Array(output.utf8)), as: name)
    #expect(faults == [], "\(call) printed \(output.prefix(2000))", sourceLocation: sourceLocation)
  }

  @Test func `free campaigns print what the schema says`() throws {
    let test = try CommandTest(Self.rules, ["a.txt": "1", ".keep": ""])
    let schema = try schema(test)
    for state in ["new", "built", "stale", "broken"] {
      switch state {
      case "built": try check(["build"], as: "build", schema) { try test.run($0) }
      case "stale":
        try test.write("2", to: "a.txt")
        try test.write("odd", to: "build/odd.txt")
      case "broken":
        try test.write("", to: "../broken")
        try check(["build"], as: "build", schema) { try test.run($0) }
      default: break
      }
      for (call, name) in Self.commands
      where state != "new" || !["history-build", "log", "batch"].contains(name) {
        try check(call, as: name, schema) { try test.run($0) }
      }
    }
  }

  @Test func `bought campaigns do, too`() throws {
    let shop = try Rehearsed(clips: ["hook"], rules: Rehearsed.head + Rehearsed.clips + CompareTests.profiles)
    let schema = try schema(shop.test)
    let run = { (call: [String]) in try shop.test.run(call, environment: shop.environment) }
    try check(["plan"], as: "plan", schema, run)
    try check(["build", "--max-cost", "5"], as: "build", schema, run)
    let calls: [(call: [String], name: String)] = [
      (["takes", "build/clips/hook.mp4"], "takes"), (["explain", "build/clips/hook.mp4"], "explain"),
      (["compare", "-", "cheap"], "compare"), (["gc", "--paid", "--older-than", "0d"], "gc"),
      (["plan", "--force", "build/clips/hook.mp4"], "plan"),
    ]
    for (call, name) in calls { try check(call, as: name, schema, run) }
    for (call, name) in Self.commands where !["log", "batch"].contains(name) {
      let call = call.map { $0 == "build/a.txt" ? "build/pairs.json" : $0 }
      try check(call, as: name, schema, run)
    }
  }

  @Test func `every command that prints JSON is in the schema`() throws {
    let test = try CommandTest("", [:])
    let dump = try JSON.parse(Array(try test.run(["--experimental-dump-help"]).output.utf8))
    let all = try JSON.parse(Array(try test.run(["schema"]).output.utf8))["commands"]
    for command in dump["command"]?["subcommands"]?.array ?? [] {
      let name = try #require(command["commandName"]?.string)
      let hasJSON = (command["arguments"]?.array ?? []).contains { $0["valueName"]?.string == "json" }
      // Each line of `watch` is a build's.
      #expect(!hasJSON || name == "watch" || all?[name] != nil, "\(name) has no schema")
    }
  }
}
