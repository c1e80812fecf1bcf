import CampaignCore
import CampaignEngine
import CampaignSyntax
import Glibc

/// `mix-audio`: lays music under a film, as long as the film and as loud as asked, and measures the result.
///
/// The picture is the master: its packets are copied as they are, and the music is looped or trimmed to its length.
package struct MixAudio: BuiltInAction {
  package init() {}

  package var schema: ActionSchema {
    ActionSchema(
      "mix-audio", "lay music under a film",
      parameters: [
        ParameterSchema("loudness", .loudness, standard: "-14 LUFS", "how loud the whole is"),
        ParameterSchema("true-peak", .number(-9...0), standard: "-1", "what no peak exceeds, in dBTP"),
        ParameterSchema("fade-in", .duration, standard: "500ms", "from silence at the start"),
        ParameterSchema("fade-out", .duration, standard: "1.5s", "to silence at the end"),
      ])
  }

  package func tools(_ parameters: [Parameter]) -> [Tool] { [.ffmpeg, .ffprobe] }

  package func misfit(of inputs: [Rule.Input]) -> Misfit? {
    Misfit(inputs, of: schema.name, roles: ["a film", "music"])
  }

  package func perform(_ job: Job) throws(StepFailure) -> JobReport {
    guard let picture = job.inputs(role: 0).first, let music = job.inputs(role: 1).first else {
      throw StepFailure(
        "`mix-audio` needs a film and music", help: "write both after the colon of the rule, the film first")
    }
    guard let video = try job.probe(picture, as: "video").video, let seconds = video.seconds, seconds > 0
    else {
      throw StepFailure("`\(picture.path)` has no moving picture", help: "the first input is the film")
    }
    let bed = try MusicBed(music, seconds: seconds, job: job)
    let mastering = Mastering(bed: bed, picture: picture, job: job)
    let result = try mastering.perform()
    try verify(job, copyOf: video, seconds: seconds)
    return JobReport(notes: [
      "\(JSON.fixed(result.loudness, places: 1)) LUFS, peak \(JSON.fixed(result.peak, places: 1)) dBTP, "
        + "\(JSON.fixed(seconds, places: 1)) s" + (bed.isLooped ? ", music looped" : "")
    ])
  }

  package func damage(of path: String) -> String? {
    MediaInfo.damage(of: path, needsVideo: true, needsAudio: true)
  }

  private func verify(_ job: Job, copyOf video: MediaInfo.Video, seconds: Double) throws(StepFailure) {
    let film = try job.probe(job.staged[0])
    guard film.video?.frames == video.frames, film.video?.codec == video.codec, !film.isCutShort else {
      throw StepFailure("ffmpeg lost frames while it added the music")
    }
    guard let audio = film.audio, audio.sampleRate == 48_000, audio.channels == 2 else {
      throw StepFailure("ffmpeg made no 48 kHz stereo sound")
    }
    guard abs(audio.duration - seconds) <= max(1 / max(1, video.rate.value), 1024 / 48_000) else {
      throw StepFailure("the music came out \(audio.duration) s long under a film of \(seconds) s")
    }
  }
}
