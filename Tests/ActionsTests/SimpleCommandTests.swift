import CampaignCore
import Glibc
import Testing

@testable import CampaignActions

/// Scripts that are run without a shell must come to what a shell makes of them.
@Suite struct SimpleCommandTests {
  private static let variables = [
    "in": "a.jpg b.jpg", "out": "x y", "star": "*", "empty": "", "tab": "a\tb\nc", "umlaut": "ä ö",
  ]

  @Test(arguments: [
    "ffmpeg -i $in -y \"$out\"", "cp a 'b c' \"d e\"", "t a'b'\"c$out\"d", "t ${in} \"${out}.mp4\"",
    "t  a\t b  ",
    "t \\\n  a \\\n  b", "t --filter='scale=1:2,fps=30'", "t $empty \"$empty\" ''", "t $tab",
    "t \"$star\" $umlaut",
    "t a=b c%d @e +f ^g h,i:j", "t a\n", "ffmpeg -vf \"scale='min(1,2)':-1[v]\" x",
  ])
  func splitsAsAShellDoes(script: String) throws {
    let simple = try #require(SimpleCommand(script) { Self.variables[$0] })
    let name = script.prefix { $0 != " " }
    let printed = "\(name)() { for word; do printf '%s\\n--\\n' \"$word\"; done; }\n" + script
    var shell = Command(["/bin/sh", "-euf", "-c", printed])
    shell.environment = Self.variables
    let result = try shell.run(log: "/dev/null", capture: true, interrupt: Interrupt())
    #expect(simple.words.dropFirst().map { $0 + "\n--\n" }.joined() == result.text)
  }

  @Test(arguments: [
    "", "echo a", "a | b", "a > b", "a; b", "a && b", "a &", "a *.jpg", "a $star", "a $unknown", "a $1",
    "a $(b)", "a `b`",
    "x=1 a", "a\nb", "a \"b\\\"c\"", "a \\b", "a ~", "a {b,c}", "! a", "(a)", "a 'b", "a \"b", "a#b",
    "a ${in%g}", "a$in",
    "$in b$out", "cd x", "a [b]", "a ?", "exit 3", "a ${in", "if a", "a \"`b`\"", "a \"$(b)\"", "a \"$@\"",
  ])
  func leavesTheRestToAShell(script: String) {
    #expect(SimpleCommand(script) { Self.variables[$0] } == nil, "\(script)")
  }
}
