import Testing

/// Steps that are known only once a file is made.
@Suite struct DynamicTests {
  let test: CommandTest

  init() throws {
    test = try CommandTest(
      """
      build/items.json: items.json
          $ echo items >> ../runs; cp "$in" "$out"

      build/{item.id}.txt: {item.source} for item in build/items.json
          $ echo "$in" >> ../runs; cp "$in" "$out"

      build/all.txt: build/{item.id}.txt
          $ echo all >> ../runs; cat $in > "$out"
      """, ["x.txt": "x", "y.txt": "y", "z.txt": "z"])
    try write("x", "y")
    try test.build(ran: ["all", "items", "x.txt", "y.txt"])
  }

  private func write(_ ids: String...) throws {
    let items = ids.map { #"{"id": "\#($0)", "source": "\#($0).txt"}"# }
    try test.write("[" + items.joined(separator: ",\n ") + "]\n", to: "items.json")
  }

  @Test func `one step for each element, in the order of the array`() throws {
    #expect(try test.read("build/all.txt") == "xy")
    try test.build(ran: [])
  }

  @Test func `a changed source makes its own step anew`() throws {
    try test.write("Y", to: "y.txt")
    try test.build(ran: ["all", "y.txt"])
    #expect(try test.read("build/all.txt") == "xY")
  }

  @Test func `an element put in front makes one step`() throws {
    try write("z", "x", "y")
    try test.build(ran: ["all", "items", "z.txt"])
    #expect(try test.read("build/all.txt") == "zxy")
    try test.build(ran: [])
  }

  @Test func `inputs whose array is to be made anew are not called gone`() throws {
    try write("z", "x")
    let words = try test.run(["explain", "build/all.txt"]).output
    #expect(words.contains(/build\/x.txt  [0-9a-f]{8}  last time; not known yet\n/), "it said: \(words)")
    try test.build(ran: ["all", "items", "z.txt"])
    #expect(!(try test.run(["explain", "build/all.txt"]).output.contains("not known yet")))
  }

  @Test func `another order makes no element anew`() throws {
    try write("y", "x")
    try test.build(ran: ["all", "items"])
    #expect(try test.read("build/all.txt") == "yx")
  }

  @Test func `the output of a removed element stays on disk and out of the film`() throws {
    try write("x")
    try test.build(ran: ["all", "items"])
    #expect(try test.read("build/all.txt") == "x")
    #expect(try test.read("build/y.txt") == "y")
    try write("x", "y")
    try test.build(ran: ["all", "items"])
    #expect(try test.read("build/all.txt") == "xy")
  }

  @Test func `one element can be asked for by name`() throws {
    try test.write("X", to: "x.txt")
    try test.write("Y", to: "y.txt")
    try test.build("build/y.txt", ran: ["y.txt"])
  }

  @Test func `elements that share a name are a mistake`() throws {
    try write("x", "x")
    let run = try test.run(["build"])
    #expect(run.code != 0)
    #expect(run.narration.contains("build/x.txt"))
    #expect(try test.read("build/all.txt") == "xy")
  }
}
