import CampaignCore
import CampaignEngine
import Testing

@testable import CampaignActions

@Suite struct GenerateClipTests {
  let bench: MediaBench
  let photos = [(name: "first.jpg", role: 0), (name: "last.jpg", role: 1)]
  let small = ["size": "320x180", "fps": "10", "duration": "1s"]

  init() throws {
    bench = try MediaBench()
    try bench.photo("first.jpg", "testsrc2=s=640x360")
    try bench.photo("last.jpg", "mandelbrot=s=640x360")
  }

  @Test(arguments: CameraMove.allCases)
  func `begins with the first photo and ends with the last`(move: CameraMove) throws {
    let values = small.merging(["camera": move.rawValue]) { $1 }
    try bench.perform(GenerateClip(), photos, to: "clip.mp4", values)
    let framed = "scale=320:180:flags=lanczos:out_range=tv:out_color_matrix=bt709"
    #expect(try bench.likeness("clip.mp4", frame: 0, to: "first.jpg", framed) > 0.98)
    #expect(try bench.likeness("clip.mp4", frame: 9, to: "last.jpg", framed) > 0.98)
    #expect(try bench.likeness("clip.mp4", frame: 9, to: "first.jpg", framed) < 0.5)
  }
}
