import CampaignCore
import Testing

/// Films and photos as they are served: whole, in part, and only when they have changed.
@Suite struct FileTests {
  private static let file = "campaigns/words/files/words.txt"

  private static func web() throws -> WebTest {
    let web = try WebTest()
    try web.write("0123456789", to: "words/words.txt")
    return web
  }

  @Test(arguments: [
    ("bytes=0-3", 206, "0123", "bytes 0-3/10"), ("bytes=4-", 206, "456789", "bytes 4-9/10"),
    ("bytes=-2", 206, "89", "bytes 8-9/10"), ("bytes=-20", 206, "0123456789", "bytes 0-9/10"),
    ("bytes=8-100", 206, "89", "bytes 8-9/10"), ("bytes=10-", 416, "", "bytes */10"),
    ("bytes=-0", 416, "", "bytes */10"), ("bytes=5-2", 200, "0123456789", ""),
    ("lines=1-2", 200, "0123456789", ""),
    ("bytes=0-1,4-5", 200, "0123456789", ""),
  ])
  func `parts are served`(range: String, status: Int, text: String, place: String) throws {
    let answer = try Self.web().get(Self.file, ["Range": range])
    #expect(answer.status == status)
    if status != 416 { #expect(answer.text == text) }
    #expect(answer.headers["content-range"] ?? "" == place)
    #expect(answer.headers["accept-ranges"] == "bytes" || status == 416)
  }

  @Test func `the tag is that of the content`() throws {
    let web = try Self.web()
    let first = try web.get(Self.file)
    let tag = try #require(first.headers["etag"])
    let same = try web.get(Self.file, ["If-None-Match": "\"x\", \(tag)"])
    #expect((same.status, same.body) == (304, []))
    #expect(same.headers["etag"] == tag)
    try web.write("0123456789", to: "words/words.txt")
    #expect(try web.get(Self.file).headers["etag"] == tag)
    #expect(try web.get(Self.file, ["Range": "bytes=1-1", "If-Range": tag]).text == "1")
    try web.write("abcdefghij", to: "words/words.txt")
    let changed = try web.get(Self.file, ["If-None-Match": tag])
    #expect((changed.status, changed.text) == (200, "abcdefghij"))
    #expect(changed.headers["etag"] != tag)
    #expect(try web.get(Self.file, ["Range": "bytes=1-1", "If-Range": tag]).text == "abcdefghij")
  }

  @Test func `HEAD says what GET would, without a body`() throws {
    let web = try Self.web()
    let connection = try web.connect()
    connection.send(WebTest.head("HEAD", Self.file, [:]) + WebTest.head("GET", Self.file, [:]))
    let head = try connection.answer(hasBody: false)
    let get = try connection.answer()
    #expect((head.status, get.status, get.text) == (200, 200, "0123456789"))
    for name in ["content-length", "etag", "content-type"] {
      #expect(head.headers[name] == get.headers[name])
    }
  }

  @Test func `a slash in a path may be written in both ways`() throws {
    let web = try Self.web()
    try web.campaign("build")
    #expect(try web.get("campaigns/words/files/build/a.txt").text == "0123456789")
    #expect(try web.get("campaigns/words/files/build%2Fa.txt?v=1").text == "0123456789")
  }

  @Test func `an overview that has not changed is not sent again`() throws {
    let web = try Self.web()
    let tag = try #require(try web.get("campaigns").headers["etag"])
    #expect(try web.get("campaigns", ["If-None-Match": tag]).status == 304)
    try web.campaign("build")
    #expect(
      try web.get("campaigns", ["If-None-Match": tag]).json["campaigns"]?.array?[0]["state"]?.string
        == "current")
  }

  @Test func `stills are small pictures, kept by content`() throws {
    let web = try WebTest([
      "words":
        "build/a.jpg: words.txt\n    $ ffmpeg -nostdin -loglevel error -f lavfi -i color=s=1600x900:d=1 -frames:v 1 \"$out\"\n"
    ])
    try web.campaign("build")
    let still = try web.get("campaigns/words/stills/build/a.jpg?width=160")
    #expect((still.status, still.headers["content-type"]) == (200, "image/jpeg"))
    #expect(still.body.starts(with: [0xff, 0xd8]) && still.body.count < 20_000)
    let tag = try #require(still.headers["etag"])
    #expect(try web.get("campaigns/words/stills/build/a.jpg?width=160", ["If-None-Match": tag]).status == 304)
    #expect(try web.get("campaigns/words/stills/build/a.jpg?width=161").status == 400)
    #expect(try web.get("campaigns/words/stills/words.txt").status == 422)
  }

  @Test func `a film has pictures of its beginning and its end`() throws {
    let film =
      #"ffmpeg -nostdin -loglevel error -f lavfi -i "testsrc=s=64x36:d=2:r=10" -pix_fmt yuv420p "$out""#
    let web = try WebTest(["words": "build/a.mp4: words.txt\n    $ \(film)\n"])
    try web.campaign("build")
    let pictures = try ["start", "middle", "end"].map { moment in
      let answer = try web.get("campaigns/words/stills/build/a.mp4?width=160&at=\(moment)&v=1")
      #expect(answer.status == 200, "\(moment)")
      return answer.body
    }
    #expect(Set(pictures).count == 3)
    #expect(try web.get("campaigns/words/stills/build/a.mp4").status == 200)
    #expect(try web.get("campaigns/words/stills/build/a.mp4?at=noon").status == 400)
  }
}
