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
  ])
  func mistakesAreNamed(text: String, message: String) {
    #expect(throws: JSON.ParseError.self) { try JSON.parse(text) }
    do throws(JSON.ParseError) { _ = try JSON.parse(text) } catch { #expect(error.message == message) }
  }

  @Test(arguments: [(0.5, 3, "0.500"), (-1.25, 1, "-1.3"), (12, 0, "12"), (0.0004, 3, "0.000")])
  func decimalsHaveAFixedText(value: Double, places: Int, text: String) {
    #expect(JSON.fixed(value, places: places) == text)
  }
}
