import CampaignCore
import CampaignEngine

/// Music brought to the exact length of a film: looped or trimmed, faded in and out, in uncompressed 48 kHz stereo.
struct MusicBed {
  /// Two rounds of a loop overlap by a quarter of the music, at most by this.
  private static let longestOverlap = 1.0
  /// Samples are kept as floats, so that nothing clips before the loudness is set.
  static let format = ["-ar", "48000", "-ac", "2", "-c:a", "pcm_f32le", "-f", "wav"]

  /// The file, in the job's scratch folder.
  let path: String
  let isLooped: Bool
  /// The name of the music, for messages.
  let source: String

  init(_ music: Job.Input, seconds: Double, job: Job) throws(StepFailure) {
    guard try job.probe(music, as: "piece of music").audio != nil else {
      throw StepFailure("`\(music.path)` has no sound", help: "the second input is the music")
    }
    source = music.path
    let whole = job.scratch("music-0.wav")
    try job.ffmpeg(
      MediaInfo.source(music.path) + ["-map", "0:a:0", "-t", "\(seconds)"] + Self.format + ["file:" + whole])
    let looped = try Self.loop(whole, seconds: seconds, job: job)
    isLooped = looped != whole
    path = job.scratch("bed.wav")
    let fadeIn = min(job.duration("fade-in").seconds, seconds / 2)
    let fadeOut = min(job.duration("fade-out").seconds, seconds / 2)
    var filters = ["apad=whole_dur=\(seconds)", "atrim=end=\(seconds)"]
    if fadeIn > 0 { filters.append("afade=t=in:d=\(fadeIn)") }
    if fadeOut > 0 { filters.append("afade=t=out:st=\(seconds - fadeOut):d=\(fadeOut)") }
    try job.ffmpeg(
      MediaInfo.source(looped) + ["-af", filters.joined(separator: ",")] + Self.format + ["file:" + path])
  }

  /// Doubles the music with a crossfade until it is long enough.
  static func loop(_ path: String, seconds: Double, job: Job) throws(StepFailure) -> String {
    var path = path
    var length = try job.probe(path).duration
    guard length >= 0.1 else {
      throw StepFailure("the music has only \(length) s of sound", help: "use a longer piece of music")
    }
    let overlap = min(longestOverlap, length / 4)
    var round = 0
    // A millisecond is no reason to begin the music again: the end is faded out and padded.
    while length < seconds - 0.001 {
      round += 1
      let next = job.scratch("music-\(round).wav")
      try job.ffmpeg(
        MediaInfo.source(path) + MediaInfo.source(path)
          + ["-filter_complex", "[0][1]acrossfade=d=\(overlap):c1=qsin:c2=qsin", "-t", "\(seconds)"]
          + format + ["file:" + next])
      path = next
      let grown = try job.probe(path).duration
      guard grown > length else { throw StepFailure("ffmpeg could not loop the music") }
      length = grown
    }
    return path
  }
}
