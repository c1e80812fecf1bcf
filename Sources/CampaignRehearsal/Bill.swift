import CampaignCore

/// What a job costs and how it is counted.
enum Bill {
  static func seconds(of input: JSON, _ schema: JSON) -> Double {
    if let seconds = (input["duration"] ?? schema["properties"]?["duration"]?["default"])?.number {
      return seconds
    }
    if let milliseconds = input["music_length_ms"]?.number { return milliseconds / 1000 }
    if let frames = input["num_frames"]?.number { return frames / 16 }
    return schema["seconds"]?.number ?? 5
  }

  /// The value of the input that stands for the resolution.
  static func resolution(of input: JSON, _ schema: JSON) -> String {
    (input["resolution"] ?? input["quality"] ?? input["mode"])?.string ?? schema["resolution"]?.string ?? ""
  }

  static func price(of input: JSON, _ schema: JSON) -> Money {
    let prices = schema["prices"] ?? .null
    let rate = prices[resolution(of: input, schema)] ?? prices["any"] ?? .null
    let perSecond = rate["second"].flatMap { $0.scalar }.flatMap { Money(dollars: $0) } ?? .zero
    let once = rate["once"].flatMap { $0.scalar }.flatMap { Money(dollars: $0) } ?? .zero
    return once + Money(micros: Int64((Double(perSecond.micros) * seconds(of: input, schema)).rounded(.up)))
  }

  static func metrics(of job: World.Job, _ schema: JSON) -> JSON {
    let seconds = JSON.decimal(seconds(of: job.input, schema), places: 3)
    let isMusic = schema["kind"]?.string == "music"
    return .members([
      "predict_time": .decimal(job.ends - job.starts, places: 1),
      "total_time": .decimal(job.ends - job.created, places: 1),
      isMusic ? "audio_output_duration_seconds" : "video_output_duration_seconds": seconds,
      "resolution_target": .string(resolution(of: job.input, schema)),
      "with_audio": job.input["generate_audio"] ?? .bool(false),
    ])
  }
}
