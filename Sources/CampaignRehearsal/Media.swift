import CampaignCore
import Glibc

/// The clips and tones that the fake provider delivers: real files, as long as was asked for.
final class Media: Sendable {
  private let folder: String
  private let made = Guarded<[String: [UInt8]]>([:])

  init() {
    var template = Array("/tmp/campaign-rehearsal-XXXXXX".utf8CString)
    folder =
      mkdtemp(&template) == nil
      ? "/tmp" : String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func remove() { if folder != "/tmp" { Files.remove(folder) } }

  /// The bytes of a job's result.
  func bytes(of job: World.Job, _ schema: JSON, pictures: [String]) -> [UInt8] {
    let seconds = Bill.seconds(of: job.input, schema)
    let isMusic = schema["kind"]?.string == "music"
    let size =
      schema["sizes"]?[Bill.resolution(of: job.input, schema)]?.string ?? schema["size"]?.string ?? "1280x720"
    let isTall = job.input["aspect_ratio"]?.string == "9:16"
    let tint = String(job.seed &* 911 % 4096, radix: 16)
    let colour =
      (pictures.joined() + "4060a0").prefix(3) + String(repeating: "0", count: 3 - tint.count) + tint
    let recipe =
      isMusic
      ? "music \(seconds)"
      : "\(isTall ? Self.turned(size) : size) \(schema["rate"]?.int ?? 24) \(seconds) \(colour)"
    return made.withLock { made in
      if let bytes = made[recipe] { return bytes }
      let bytes =
        isMusic
        ? Self.music(seconds, folder) : Self.clip(recipe.split(separator: " ").map(String.init), folder)
      made[recipe] = bytes
      return bytes
    }
  }

  private static func turned(_ size: String) -> String {
    size.split(separator: "x").reversed().joined(separator: "x")
  }

  /// A colour that the photos decide, with a band that wanders over it.
  private static func clip(_ recipe: [String], _ folder: String) -> [UInt8] {
    let (size, rate, seconds, colour) = (recipe[0], recipe[1], recipe[2], recipe[3])
    let filter = "drawbox=x=mod(t*200\\,iw):y=0:w=40:h=ih:color=white@0.4:t=fill"
    return run(
      [
        "-f", "lavfi", "-i", "color=c=0x\(colour):s=\(size):r=\(rate):d=\(seconds)", "-vf", filter, "-c:v",
        "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-movflags", "+faststart",
      ], folder + "/clip.mp4")
  }

  private static func music(_ seconds: Double, _ folder: String) -> [UInt8] {
    run(
      [
        "-f", "lavfi", "-i", "sine=f=220:r=48000:d=\(seconds)", "-f", "lavfi", "-i",
        "sine=f=329.6:r=48000:d=\(seconds)", "-filter_complex", "[0][1]amix=inputs=2,pan=stereo|c0=c0|c1=c0",
      ], folder + "/music.wav")
  }

  private static func run(_ arguments: [String], _ path: String) -> [UInt8] {
    let command = Command(["ffmpeg", "-nostdin", "-y", "-loglevel", "error"] + arguments + [path])
    _ = try? command.run(log: "/dev/stderr", interrupt: Interrupt())
    return (try? Files.read(path)) ?? []
  }

  /// Where a job's result is, in the shape that its model gives.
  static func output(of job: World.Job, delivery: String) -> JSON {
    let address = JSON.string("\(delivery)/d/\(job.id)/out")
    return switch job.outputShape {
    case "list": .array([address])
    case "object": .members(["url": address])
    case "null": .null
    default: address
    }
  }
}
