import CampaignCore

/// A camera move from one picture to the next: both pictures move as one while the first dissolves into the last.
///
/// The first frame is the first picture and the last frame is the last picture, unmoved. Between them the camera's way
/// `c` is eased from 0 to 1. `perspective` resamples with 1/256 pixel steps, so that slow moves do not jitter as they
/// do with `zoompan`, which cuts at whole pixels. The moves are so balanced that, once a picture is the stronger one
/// of the dissolve, trucks and rises show nothing beyond its edges; zooms show a per cent or two of mirrored margin.
enum CameraMove: String, CaseIterable, Sendable {
  case pushIn = "push-in"
  case pullBack = "pull-back"
  case truckLeft = "truck-left"
  case truckRight = "truck-right"
  case rise
  case float

  /// Which of the two pictures moves.
  enum Side: Sendable { case first, last }

  /// How far a zoom goes from end to end.
  private static let zoom = 1.15
  /// How far a truck goes from end to end, in frame widths or heights.
  private static let way = 0.06
  /// The dissolve begins and ends at these fractions of the move.
  private static let dissolve = 0.3...0.7

  /// What of the surroundings of a frame can come into view while it can be seen.
  func margin(of size: FrameSize) -> Framing.Margin {
    let (x, y) = (size.width / 64 * 2, size.height / 64 * 2)
    return switch self {
    case .pushIn, .pullBack: Framing.Margin(x: x, y: y)
    case .truckLeft, .truckRight: Framing.Margin(x: x, y: 0)
    case .rise: Framing.Margin(x: 0, y: y)
    case .float: Framing.Margin()
    }
  }

  /// A filter graph from two pictures, `[0]` and `[1]`, to `frames` frames labelled `[film]`.
  func graph(frames: Int, fps: Int, first: String, last: String, size: FrameSize) -> String {
    let end = frames - 1
    let (from, to) = Self.dissolveFrames(frames)
    let margin = margin(of: size)
    let crop = "crop=\(size.width):\(size.height):\(margin.x):\(margin.y)"
    let still = "loop=-1:1:0,settb=1/\(fps),setpts=N"
    // `xfade` is linear in time: an eased clock makes it an eased dissolve.
    let clock =
      "settb=1/1000000,setpts='st(0,clip((N-\(from))/\(to - from),0,1));"
      + "(if(between(N,\(from),\(to)),\(from)+\(to - from)*ld(0)*ld(0)*(3-2*ld(0)),N))/\(fps)/TB'"
    let dissolve =
      "xfade=transition=fade:offset=\(Double(from) / Double(fps)):duration=\(Double(to - from) / Double(fps))"
    return "[0]\(first),\(still),trim=end_frame=\(to + 1),"
      + "\(resample(.first, start: 0, end: end, size: size)),\(crop),\(clock)[first];"
      + "[1]\(last),\(still),trim=end_frame=\(frames - from),"
      + "\(resample(.last, start: from, end: end, size: size)),\(crop),settb=1/1000000[last];"
      + "[first][last]\(dissolve),settb=1/\(fps),setpts=N,fps=\(fps)[film]"
  }

  /// The last frame that shows only the first picture and the first that shows only the last.
  static func dissolveFrames(_ frames: Int) -> (from: Int, to: Int) {
    let end = Double(frames - 1)
    return (Int(end * dissolve.lowerBound), Int((end * dissolve.upperBound).rounded(.up)))
  }

  /// The `perspective` filter that shows one picture as the camera sees it; `in` counts its frames from 1.
  private func resample(_ side: Side, start: Int, end: Int, size: FrameSize) -> String {
    let way = "st(0,clip((in-1+\(start))/\(end),0,1));st(0,ld(0)*ld(0)*(3-2*ld(0)));st(1,\(zoom(side)));"
    func edge(_ length: String, _ sign: String, _ shift: String, _ extent: Int) -> String {
      "'\(way)\(length)/2*(1\(sign)1/ld(1))+\(extent)*(\(shift))'"
    }
    let (x, y) = shift(side)
    let left = edge("W", "-", x, size.width)
    let right = edge("W", "+", x, size.width)
    let top = edge("H", "-", y, size.height)
    let bottom = edge("H", "+", y, size.height)
    return "perspective=eval=frame:interpolation=cubic:sense=source"
      + ":x0=\(left):y0=\(top):x1=\(right):y1=\(top):x2=\(left):y2=\(bottom):x3=\(right):y3=\(bottom)"
  }

  /// The enlargement of a picture when the camera is at `ld(0)`.
  private func zoom(_ side: Side) -> String {
    switch (self, side) {
    case (.pushIn, .first): "pow(\(Self.zoom),ld(0)*(2-ld(0)))"
    case (.pushIn, .last): "pow(\(Self.zoom),-(1-ld(0))*(1-ld(0)))"
    case (.pullBack, .first): "pow(\(Self.zoom),-ld(0)*ld(0))"
    case (.pullBack, .last): "pow(\(Self.zoom),1-ld(0)*ld(0))"
    case (.truckLeft, _), (.truckRight, _), (.rise, _): "1+\(4 * Self.way)*ld(0)*(1-ld(0))"
    case (.float, _): "1+\(Self.way)*pow(sin(PI*ld(0)),2)"
    }
  }

  /// Where the camera at `ld(0)` looks, off the middle of a picture, in frame widths and heights.
  private func shift(_ side: Side) -> (x: String, y: String) {
    let gone = side == .first ? "ld(0)" : "(ld(0)-1)"
    return switch self {
    case .pushIn, .pullBack: ("0", "0")
    case .truckLeft: ("-\(Self.way)*\(gone)", "0")
    case .truckRight: ("\(Self.way)*\(gone)", "0")
    case .rise: ("0", "-\(Self.way)*\(gone)")
    case .float:
      (
        "\(Self.way / 2)*pow(sin(PI*ld(0)),2)*sin(2*PI*ld(0))",
        "-\(Self.way / 2)*pow(sin(PI*ld(0)),2)*cos(2*PI*ld(0))"
      )
    }
  }
}
