import CampaignCore
import Testing

struct JSONTests {
  @Test(arguments: [
    "null", "true", "[1,-2.50,3e5]", #"{"b":1,"a":[{}]}"#, #""tab\t quote\" back\\slash \u0001 ü 🎬""#, "[]",
  ])
  func textComesBackAsItWas(text: String) throws { #expect(try JSON.parse(text).compact == text) }

  @Test func escapesAreUnderstood() throws {
    #expect(try JSON.parse(#""\u00fc \ud83c\udfac \/ \b""#) == .string("ü 🎬 / \u{8}"))
  }

  @Test func prettyIsWhatAPersonReads() throws {
    #expect(
      try JSON.parse(#"{"a":[1,2],"b":{}}"#).pretty == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}\n")
  }

  @Test(arguments: [
    ("", "the text ends too early"), ("[1,", "the text ends too early"), ("[1 2]", "expected `,` or `]`"),
    ("{\"a\" 1}", "expected `:`"), ("{a:1}", "expected a name in quotes"), ("tru", "expected a value"),
    ("1 2", "nothing may follow the value"), ("\"a", "the string has no end"), ("-", "`-` is not a number"),
    (String(repeating: "[", count: 100), "more than 64 levels of nesting"),
    (#""\u0000""#, #"`\u0000` is no character"#), (#""\udcff""#, #"`\udcff` is no character"#),
  ])
  func mistakesAreNamed(text: String, message: String) {
    #expect(throws: JSON.ParseError.self) { try JSON.parse(text) }
    do throws(JSON.ParseError) { _ = try JSON.parse(text) } catch { #expect(error.message == message) }
  }

  @Test(arguments: [(0.5, 3, "0.500"), (-1.25, 1, "-1.3"), (12, 0, "12"), (0.0004, 3, "0.000")])
  func decimalsHaveAFixedText(value: Double, places: Int, text: String) {
    #expect(JSON.fixed(value, places: places) == text)
  }

  @Test func aByteOrderMarkIsPassedOver() throws {
    #expect(try JSON.parse([0xEF, 0xBB, 0xBF] + Array("[1]".utf8)).compact == "[1]")
  }

  @Test func ofTwoMembersWithOneNameTheLastCounts() throws {
    #expect(try JSON.parse(#"{"a":1,"a":2}"#)["a"]?.int == 2)
  }

  /// A file is mended by its owner; what a provider answers cannot be had again.
  @Test func whatIsNoTextIsAMistakeOrRepaired() throws {
    let bytes = Array("[1,\n \"ü".utf8) + [0xFF] + Array(#""]"#.utf8)
    do throws(JSON.ParseError) {
      _ = try JSON.parse(bytes)
      Issue.record("it was accepted")
    } catch { #expect(error.description == "line 2, column 5: the string before this is not UTF-8") }
    #expect(try JSON.parse(bytes, repairs: true).array?[1].string == "ü\u{FFFD}")
    #expect(try JSON.parse(Array(#""\ud800 \u0000""#.utf8), repairs: true).string == "\u{FFFD} \u{FFFD}")
  }

  @Test func largeTextsAreRefused() {
    let large = [UInt8](repeating: 32, count: 64 << 20 + 1)
    #expect(throws: JSON.ParseError.self) { try JSON.parse(large) }
  }
}
