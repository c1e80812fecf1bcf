import CampaignCore
import Glibc
import Testing

/// A whole session, word for word, as `transcript.txt` has it: `$ campaign ...`, what it printed, and its code if not 0.
///
/// Lines that start with `! ` change the workspace before. Times are masked. After a deliberate change of words run
/// with `CAMPAIGN_REWRITE_EXPECTATIONS=1` and read the difference.
@Suite struct TranscriptTests {
  static let path = "\(#filePath)".replacing("TranscriptTests.swift", with: "transcript.txt")

  static let rules = """
    size  = 10
    count = 2

    build/items.json: items.txt
        $ sed 's/.*/{"id": "&"}/' "$in" | paste -sd, | sed 's/.*/[&]/' > "$out"

    build/clips/{item.id}.txt: style.txt for item in build/items.json
        costly = yes
        $ echo "$item_id $size" | cat - "$in" > "$out"

    build/film.txt: build/clips/{item.id}.txt
        $ cat $in > "$out"

    film: build/film.txt
    """

  @Test func `a session reads as it should`() throws {
    let expected = try Files.text(Self.path)
    let test = try CommandTest(Self.rules, ["items.txt": "hook\n", "style.txt": "calm\n"])
    var actual = ""
    for line in expected.split(separator: "\n") where line.hasPrefix("$ ") || line.hasPrefix("! ") {
      actual += line + "\n"
      if line.hasPrefix("! ") {
        #expect(try test.shell(String(line.dropFirst(2))) == 0)
      } else {
        let run = try test.run(line.dropFirst(2).split(separator: " ").dropFirst().map(String.init))
        actual +=
          Self.masked(run.narration + run.output) + (run.code == 0 ? "" : "[code \(run.code)]\n") + "\n"
      }
    }
    if getenv("CAMPAIGN_REWRITE_EXPECTATIONS") != nil { try Files.write(actual, to: Self.path) }
    #expect(actual == expected)
  }

  /// Durations, dates and sizes in time differ from run to run.
  private static func masked(_ text: String) -> String {
    text.replacing(/\d+(\.\d+)?m?s\b/, with: "_s").replacing(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, with: "_date")
      .replacing(/"(t|seconds|usualSeconds)":\s*[0-9.]+/) { "\"\($0.output.1)\": _" }
      .replacing(/"run": ?"[^"]*"/, with: "\"run\": _")
  }
}
