import CampaignProviders
import Testing

/// Who gets a key, and who is spoken to without encryption.
struct WebAddressTests {
  @Test(arguments: [
    ("http://127.0.0.1:8080/a", true), ("http://localhost/a", true), ("http://[::1]:1/", true),
    ("http://127.0.0.1@example.com/", false), ("http://127.0.0.1.example.com/", false),
    ("http://localhost.example.com/", false),
  ])
  func loopback(url: String, isLoopback: Bool) throws {
    #expect(try #require(WebAddress(url)).isLoopback == isLoopback)
  }

  @Test(arguments: ["ftp://example.com/", "file:///etc/passwd", "nonsense", "", "http://"])
  func otherAddressesAreNone(url: String) { #expect(WebAddress(url) == nil) }

  @Test(arguments: [
    ("https://replicate.delivery/a", true), ("https://pbxt.replicate.delivery/a", true),
    ("https://evilreplicate.delivery/", false), ("https://replicate.delivery.example.com/", false),
  ])
  func delivery(url: String, isDelivery: Bool) throws {
    #expect(try #require(WebAddress(url)).isDelivery == isDelivery)
  }

  @Test func theOriginIsSchemeHostAndPort() {
    #expect(WebAddress("https://api.x.ai/v1") == WebAddress("https://API.x.ai:443/other"))
    #expect(WebAddress("https://api.x.ai/") != WebAddress("http://api.x.ai/"))
    #expect(WebAddress("http://127.0.0.1:1/") != WebAddress("http://127.0.0.1:2/"))
  }
}
