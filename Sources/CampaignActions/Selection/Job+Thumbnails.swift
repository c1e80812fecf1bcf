import CampaignCore
import CampaignEngine

extension Job {
  /// Small upright JPEG files of photos, without metadata; the same photo always gives the same bytes.
  func thumbnails(of photos: [ManifestPhoto]) throws(StepFailure) -> [String] {
    var paths: [String] = []
    for (index, photo) in photos.enumerated() {
      guard Files.exists(resolve(photo.path)) else {
        throw StepFailure("`\(photo.path)`, which the manifest names, is missing")
      }
      let path = scratch("photo-\(photo.id.filter { $0.isLetter || $0.isNumber || $0 == "-" }).jpg")
      if !Files.exists(resolve(path)) {
        let fit = "scale=w='min(1024,iw)':h='min(1024,ih)':force_original_aspect_ratio=decrease:flags=area"
        try ffmpeg(
          ["-noautorotate"] + MediaInfo.source(photo.path) + [
            "-vf", "\(photo.orientation.filter)\(fit),format=yuvj420p", "-frames:v", "1", "-q:v", "4",
            "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-threads", "1",
            "-update", "1",
            "file:" + path,
          ])
      }
      paths.append(path)
      progress(
        Double(index + 1) / Double(photos.count) / 2, "\(index + 1) of \(photos.count) photos made small")
    }
    return paths
  }
}
