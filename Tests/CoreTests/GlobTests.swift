import CampaignCore
import Testing

struct GlobTests {
  @Test(arguments: [
    ("a/*.jpg", "a/b.jpg", true), ("a/*.jpg", "a/b/c.jpg", false), ("a/*.jpg", "a/.b.jpg", false),
    ("a/.*", "a/.b", true), ("a/**", "a/b/c.jpg", true), ("a/**", "a/.b/c.jpg", false),
    ("**/*.jpg", "b.jpg", true), ("**/b/**/*.jpg", "a/b/c/d.jpg", true), ("**/b/*", "a/c/d", false),
    ("**/a/**/b/c", "a/b/x/b/c", true), ("**/a/b", "a/a/b", true), ("a/**/b", "a/.x/b", false),
    ("**/.x/**/b", ".x/.x/b", false), ("**/*/b", "b", false),
    ("./a//*", "a/b", true), ("?.jpg", "é.jpg", true), ("?.jpg", "e\u{301}.jpg", false),
    ("[ä-ü].jpg", "ö.jpg", true), ("[!0-9]*", "1a", false), ("[!0-9]*", "a1", true), ("[]a]", "]", true),
    ("a[1].jpg", "a1.jpg", true), ("a[1].jpg", "a[1].jpg", true), ("a[1.jpg", "a[1.jpg", true),
    (#"a\*"#, "a*", true), (#"a\*"#, "ab", false), ("*a*b*c", "xaybzc", true), ("*a*b*c", "xaybz", false),
    ("/a/*", "/a/b", true), ("/a/*", "a/b", false), ("é*", "e\u{301}x", false),
  ])
  func aPathMatchesOrDoesNot(pattern: String, path: String, isMatch: Bool) {
    #expect(Glob(pattern).matches(path) == isMatch)
  }

  @Test(arguments: [
    ("build/*.txt", ["build/", ".txt"], true), ("build/*.txt", ["build/e/", ".txt"], false),
    ("build/**/*.txt", ["build/e/", ".txt"], true), ("build/*/x.txt", ["build/", ".txt"], true),
    ("build/a*.txt", ["build/b", ".txt"], false), ("build/*.mp4", ["build/", ".txt"], false),
    ("photos/*.jpg", ["", ".jpg"], true), ("é/?.txt", ["é/", "x.txt"], true), ("b/??", ["b/xyz", ""], false),
    ("*[0-9].txt", ["", "a.txt"], false), ("*", ["", "-", ""], true),
  ])
  func aPathWithHolesCouldMatchOrNot(pattern: String, texts: [String], isMatch: Bool) {
    #expect(Glob(pattern).couldMatch(texts) == isMatch)
  }

  @Test(arguments: [
    ("./a//b/.", "a/b"), ("a/../b", "a/../b"), ("//a/", "/a"), (".", "."), ("./", "."), ("", "."),
    ("a/\u{301}b/./c", "a/\u{301}b/c"), ("../a/./b", "../a/b"), (".a/..b", ".a/..b"),
  ])
  func aPathHasOneSpelling(path: String, normal: String) {
    #expect(FilePath.normal(path).utf8.elementsEqual(normal.utf8))
  }

  @Test(arguments: [
    ("a\nb", true), ("a\u{9B}b", true), ("a/../b", true), ("../a", false), ("../../a", false), ("é/ä", false),
    (String(repeating: "n", count: 255), false), (String(repeating: "n", count: 256), true),
    (Array(repeating: "name", count: 900).joined(separator: "/"), true), ("~/-a %b .", false),
  ])
  func aNameMayBeOrNot(path: String, isWrong: Bool) { #expect((FilePath.problem(path) != nil) == isWrong) }

  @Test func whatIsNoTextIsShownAsBytes() {
    #expect(FilePath.shown([0x61, 0xE9]) == #"a\xE9"#)
    #expect(FilePath.shown(Array("é\n".utf8)) == #"é\x0A"#)
  }

  @Test func pathsThatLookAlikeMayNotMeet() {
    var lookalikes = Lookalikes()
    let known = ["a", "é", "é", "a", "e\u{301}"].map { lookalikes.note($0) }
    #expect(known == [true, true, true, true, false])
  }
}
