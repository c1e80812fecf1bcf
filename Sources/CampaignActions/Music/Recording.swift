import CampaignCore
import CampaignEngine
import Glibc

/// Music for the length of a film: played from a score or as it is, cut, brought to a loudness, and checked.
struct Recording {
  private static let target = -18.0

  let seconds: Double
  let job: Job

  /// Writes the staged output and says how loud it is, in LUFS.
  func perform(_ score: Score, soundfont: String) throws(StepFailure) -> Double {
    let midi = job.scratch("score.mid")
    let wave = job.scratch("score.wav")
    do { try Files.write(score.midi, to: job.resolve(midi)) } catch { throw StepFailure(error) }
    try job.run(["fluidsynth", "-ni", "-q", "-g", "0.6", "-r", "48000", "-F", wave, soundfont, midi])
    return try finish(wave)
  }

  /// The same with music that is there already: looped when it is too short.
  func perform(_ music: String) throws(StepFailure) -> Double {
    let wave = job.scratch("music-0.wav")
    try job.ffmpeg(
      ["-i", "file:" + music, "-map", "0:a:0"] + MusicBed.format + ["file:" + wave])
    return try finish(try MusicBed.loop(wave, seconds: seconds, job: job))
  }

  private func finish(_ wave: String) throws(StepFailure) -> Double {
    job.progress(0.7, "levelling")
    let raw = try measure(wave, name: "raw")
    try write(wave, gain: Self.target - raw.loudness)
    return try verify()
  }

  private func write(_ wave: String, gain: Double) throws(StepFailure) {
    let fade = min(0.4, seconds / 4)
    let filter =
      "highpass=f=30,volume=\(gain)dB:precision=float,alimiter=limit=\(pow(10, -1.5 / 20)):level=false:latency=true,"
      + "apad,atrim=end_sample=\(Int((seconds * 48_000).rounded())),afade=t=out:st=\(seconds - fade):d=\(fade)"
    let output = job.staged[0]
    let encoding =
      job.outputs[0].lowercased().hasSuffix(".wav")
      ? ["-c:a", "pcm_s16le", "-f", "wav"]
      : ["-c:a", "aac", "-b:a", "192k", "-f", "ipod", "-movflags", "+faststart"]
    try job.ffmpeg(
      MediaInfo.source(wave) + ["-af", filter, "-ar", "48000", "-ac", "2", "-map_metadata", "-1"]
        + ["-fflags", "+bitexact", "-flags:a", "+bitexact"] + encoding + ["file:" + output])
  }

  private func verify() throws(StepFailure) -> Double {
    let output = job.staged[0]
    guard let audio = try job.probe(output).audio, audio.sampleRate == 48_000, audio.channels == 2 else {
      throw StepFailure("ffmpeg made no 48 kHz stereo sound")
    }
    guard abs(audio.duration - seconds) <= 0.02 else {
      throw StepFailure("the music came out \(audio.duration) s long for a film of \(seconds) s")
    }
    let result = try measure(output, name: "final")
    guard result.peak < 0, (-24 ... -14).contains(result.loudness) else {
      throw StepFailure(
        "the music came out at \(JSON.fixed(result.loudness, places: 1)) LUFS with peaks of "
          + "\(JSON.fixed(result.peak, places: 1)) dBFS",
        help: "try another `seed` or `soundfont`")
    }
    guard result.silences.allSatisfy({ $0 >= seconds - 1 }) else {
      throw StepFailure("the music pauses in the middle", help: "try another `seed` or `soundfont`")
    }
    return result.loudness
  }

  private struct Measure {
    /// Integrated, in LUFS.
    var loudness: Double
    /// Of samples, in dBFS.
    var peak: Double
    /// Where silences of more than 0.7 s begin, in seconds.
    var silences: [Double]
  }

  /// Measures by EBU R 128 and looks for silence.
  private func measure(_ path: String, name: String) throws(StepFailure) -> Measure {
    let log = job.scratch("music-\(name).log")
    try job.run(
      ["ffmpeg", "-nostdin", "-hide_banner", "-nostats"] + MediaInfo.source(path)
        + ["-af", "silencedetect=n=-60dB:d=0.7,ebur128=peak=sample:framelog=verbose", "-f", "null", "-"],
      log: log)
    let words = ((try? Files.text(job.resolve(log))) ?? "").split { $0 == " " || $0 == "\n" }
    func numbers(after label: String) -> [Double] {
      zip(words, words.dropFirst()).filter { $0.0 == label }.compactMap { Double($0.1) }
    }
    guard let loudness = numbers(after: "I:").last, let peak = numbers(after: "Peak:").last else {
      throw StepFailure("the loudness of `\(path)` cannot be measured")
    }
    return Measure(loudness: loudness, peak: peak, silences: numbers(after: "silence_start:"))
  }
}
