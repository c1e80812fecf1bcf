/// How a photo has to be turned to stand upright, as EXIF counts it: 1...8.
///
/// ffmpeg is always called with `-noautorotate`: its own turning does not look at EXIF.
struct Orientation: Hashable, Sendable {
  var code: Int

  /// Any other number means that the photo stands upright already.
  init(_ code: Int?) {
    self.code = code.flatMap { (1...8).contains($0) ? $0 : nil } ?? 1
  }

  /// Width and height change places.
  var isSideways: Bool { code >= 5 }

  /// The filters that turn the photo, each followed by a comma.
  var filter: String {
    switch code {
    case 2: "hflip,"
    case 3: "hflip,vflip,"
    case 4: "vflip,"
    case 5: "transpose=cclock_flip,"
    case 6: "transpose=clock,"
    case 7: "transpose=clock_flip,"
    case 8: "transpose=cclock,"
    default: ""
    }
  }
}
