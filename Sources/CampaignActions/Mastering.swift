import CampaignCore
import CampaignEngine
import Glibc

/// Brings music to a loudness under a film: measure, apply a gain and, where peaks ask for it, a limiter, measure again.
///
/// This is what `loudnorm` does in its linear mode. We do it ourselves because `loudnorm` falls back to a dynamic mode
/// without a word, and because what counts is the encoded sound: AAC moves peaks, so the result is measured and
/// corrected until it fits.
struct Mastering {
  struct Measure: Hashable, Sendable {
    /// Integrated, in LUFS.
    var loudness: Double
    /// True peak in dBTP.
    var peak: Double
  }

  /// What the result may be off the target, in LU.
  private static let tolerance = 0.5
  /// What the true peak may be above its limit, in dB.
  private static let peakTolerance = 0.5
  private static let attempts = 6

  let bed: MusicBed
  let picture: Job.Input
  let job: Job

  /// Writes the film with its music to the staged output and says how loud it is.
  func perform() throws(StepFailure) -> Measure {
    let target = Loudness(job.text("loudness"))?.lufs ?? -14
    let limit = Double(job.text("true-peak")) ?? -1
    let raw = try measure(bed.path, name: "bed")
    guard raw.loudness > -69 else {
      throw StepFailure(
        "`\(bed.source)` is silent, or the film is too short to tell", help: "use music that can be heard")
    }
    var gain = target - raw.loudness
    var ceiling: Double? = raw.peak + gain > limit ? limit - 0.2 : nil
    var best: Measure?
    for attempt in 1...Self.attempts {
      job.progress(Double(attempt - 1) / Double(Self.attempts), "mixing at \(JSON.fixed(gain, places: 1)) dB")
      try write(gain: gain, ceiling: ceiling)
      let result = try measure(job.staged[0], name: "\(attempt)")
      best = result
      let isLoud = abs(result.loudness - target) <= 0.1
      if isLoud && result.peak <= limit { return result }
      gain += target - result.loudness
      if result.peak > limit { ceiling = (ceiling ?? limit) - (result.peak - limit) - 0.05 }
    }
    guard let best, abs(best.loudness - target) <= Self.tolerance, best.peak <= limit + Self.peakTolerance
    else {
      throw StepFailure(
        "`\(bed.source)` cannot be brought to \(JSON.fixed(target, places: 1)) LUFS with peaks below "
          + "\(JSON.fixed(limit, places: 1)) dBTP",
        help: "lower `loudness`, or raise `true-peak`")
    }
    return best
  }

  /// Copies the picture and encodes the music at a gain, in dB, limited to a ceiling, in dBTP.
  private func write(gain: Double, ceiling: Double?) throws(StepFailure) {
    var filter = "volume=\(gain)dB:precision=float"
    if let ceiling {
      // Peaks between samples are seen at four times the rate.
      let level = min(1, max(0.0625, pow(10, ceiling / 20)))
      filter += ",aresample=192000,alimiter=limit=\(level):level=false:latency=true,aresample=48000"
    }
    try job.ffmpeg(
      MediaInfo.source(picture.path) + MediaInfo.source(bed.path)
        + ["-map", "0:v:0", "-map", "1:a:0", "-c:v", "copy", "-map_metadata", "-1", "-map_chapters", "-1"]
        + ["-af", filter, "-c:a", "aac", "-b:a", "192k", "-ar", "48000", "-ac", "2"]
        + ["-fflags", "+bitexact", "-flags:a", "+bitexact"]
        + VideoEncoding.container + ["file:" + job.staged[0]])
  }

  /// Measures by EBU R 128.
  private func measure(_ path: String, name: String) throws(StepFailure) -> Measure {
    let log = job.scratch("loudness-\(name).log")
    try job.run(
      ["ffmpeg", "-nostdin", "-hide_banner", "-nostats"] + MediaInfo.source(path)
        + ["-map", "0:a:0", "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"], log: log)
    guard let text = try? Files.text(job.resolve(log)), let loudness = Self.last("I:", in: text),
      let peak = Self.last("Peak:", in: text)
    else {
      throw StepFailure("the loudness of `\(path)` cannot be measured")
    }
    return Measure(loudness: loudness, peak: peak)
  }

  /// The number after the last line that begins with `label`; silence has the peak `-inf`.
  private static func last(_ label: String, in text: String) -> Double? {
    let line = text.split(separator: "\n").last { $0.drop { $0 == " " }.hasPrefix(label) }
    return line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
  }
}
