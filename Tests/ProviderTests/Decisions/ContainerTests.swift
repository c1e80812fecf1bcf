import CampaignProviders
import Testing

struct ContainerTests {
  private static func box(_ type: String, _ content: [UInt8] = []) -> [UInt8] {
    [0, 0, 0, UInt8(8 + content.count)] + Array(type.utf8) + content
  }
  private static let head = box("ftyp", Array("isom".utf8))

  private func check(_ bytes: [UInt8], _ kind: ProviderRequest.Kind = .clip) throws -> String {
    let verdict = try Container.check(kind, size: bytes.count) { offset, count in
      Array(bytes.dropFirst(offset).prefix(count))
    }
    switch verdict {
    case .sound: return "sound"
    case .wrong: return "wrong"
    case .damaged: return "damaged"
    }
  }

  @Test(arguments: [
    ("a film", head + box("moov", [1, 2]) + box("mdat", [3]), "sound"),
    ("a film with its index last", head + box("mdat", [3]) + box("moov"), "sound"),
    ("a film without an index", head + box("mdat", [3]), "damaged"),
    ("a cut film", Array((head + box("moov") + box("mdat", [3, 4, 5])).dropLast()), "damaged"),
    ("a film cut in a header", Array((head + box("moov") + box("mdat")).dropLast(5)), "damaged"),
    ("nothing", [], "wrong"),
    ("a page", Array("\n <!doctype html>".utf8), "wrong"),
    ("XML", Array("<?xml version=\"1.0\"?><Error/>".utf8), "wrong"),
    ("JSON", Array(#"{"detail":"no"}"#.utf8), "wrong"),
    ("sound instead", Array("ID3\u{4}".utf8), "damaged"),
    ("noise", [1, 2, 3, 4, 5, 6, 7, 8, 9], "damaged"),
  ])
  func clips(name: String, bytes: [UInt8], verdict: String) throws { #expect(try check(bytes) == verdict) }

  @Test(arguments: [
    ("wav", Array("RIFF0000WAVE".utf8), "sound"), ("mp3 with a tag", Array("ID3".utf8), "sound"),
    ("mp3", [0xFF, 0xFB, 0x90, 0x00], "sound"), ("flac", Array("fLaC".utf8), "sound"),
    ("ogg", Array("OggS".utf8), "sound"), ("m4a", head + box("moov"), "sound"),
    ("a page", Array("<html>".utf8), "wrong"), ("noise", [1, 2, 3, 4], "damaged"),
  ])
  func music(name: String, bytes: [UInt8], verdict: String) throws {
    #expect(try check(bytes, .music) == verdict)
  }
}
