import CampaignCore
import CampaignEngine
import CampaignSyntax

/// How a picture of any shape is brought to the frame's shape: cropped about a focus, or whole with bars or a blur.
struct Framing: Hashable, Sendable {
  enum Fit: String, CaseIterable, Sendable { case crop, pad, blur }

  var size: FrameSize
  var fit: Fit
  var focus: Focus

  /// The point that a crop keeps in view, in percent of what is cut away.
  struct Focus: Hashable, Sendable {
    var x = 50.0
    var y = 50.0

    init() {}

    /// Reads `50% 30%`: from the left and from the top.
    init?(_ text: String) {
      let values = text.split(separator: " ").compactMap { part in
        part.hasSuffix("%") ? Double(part.dropLast()) : nil
      }
      guard values.count == 2, values.allSatisfy({ (0...100).contains($0) }) else { return nil }
      (x, y) = (values[0], values[1])
    }
  }

  /// Pixels around the frame that a moving camera may come to see.
  struct Margin: Hashable, Sendable {
    var x = 0
    var y = 0
  }

  /// A filter chain from a decoded picture to the framed one, in limited-range BT.709.
  ///
  /// The margin shows more of the picture where a crop has hidden it, and is mirrored where there is no more.
  ///
  /// - Parameters:
  ///   - label: a word that no other chain of the same graph has.
  ///   - isTagged: false for video that does not say its colour matrix; it is taken for BT.709.
  func filter(label: String, margin: Margin = Margin(), isTagged: Bool = true) -> String {
    let (w, h) = (size.width, size.height)
    let colours =
      "in_color_matrix=\(isTagged ? "auto" : "bt709"):out_color_matrix=bt709:out_range=tv"
      + ":flags=lanczos+accurate_rnd+full_chroma_int"
    let tags =
      "format=yuv420p,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709,setsar=1"
    // Colours are converted once, by the scaling that follows: the filter would not notice a first conversion.
    let square = "scale=w='if(gt(sar,0),round(iw*sar),iw)':h=ih:flags=lanczos,setsar=1"
    let cover = "scale=\(w):\(h):force_original_aspect_ratio=increase:\(colours),\(tags)"
    let whole =
      "scale=\(w):\(h):force_original_aspect_ratio=decrease:force_divisible_by=2:\(colours),\(tags)"
    let border = Self.border(margin)
    switch fit {
    case .crop:
      let crop =
        "crop=\(w + 2 * margin.x):\(h + 2 * margin.y)"
        + ":(iw-ow)*\(focus.x / 100):(ih-oh)*\(focus.y / 100)"
      return "\(square),\(cover)\(border),\(crop)"
    case .pad:
      return "\(square),\(whole),pad=\(w):\(h):(ow-iw)/2:(oh-ih)/2\(border)"
    case .blur:
      return "\(square),split[\(label)a][\(label)b];"
        + "[\(label)a]\(cover),crop=\(w):\(h),gblur=sigma=\(max(2, w / 40)):steps=2[\(label)c];"
        + "[\(label)b]\(whole)[\(label)d];"
        + "[\(label)c][\(label)d]overlay=(W-w)/2:(H-h)/2:format=yuv420\(border)"
    }
  }

  private static func border(_ margin: Margin) -> String {
    guard margin != Margin() else { return "" }
    let (x, y) = (margin.x, margin.y)
    return ",pad=iw+\(2 * x):ih+\(2 * y):\(x):\(y)"
      + ",fillborders=left=\(x):right=\(x):top=\(y):bottom=\(y):mode=mirror"
  }
}

extension Job {
  /// The parameters `size`, `fit` and `focus`.
  var framing: Framing {
    Framing(
      size: size("size"), fit: Framing.Fit(rawValue: text("fit")) ?? .crop,
      focus: Framing.Focus(text("focus")) ?? Framing.Focus())
  }
}

extension Framing {
  /// What the language may say of it; `size` is with the encoding.
  static let schema = [
    ParameterSchema(
      "fit", .word(Fit.allCases.map(\.rawValue)), standard: "crop",
      "what to do with pictures of another shape: crop, pad with black, or pad with a blur"),
    ParameterSchema(
      "focus", .text, standard: "50% 50%", "what a crop keeps in view, from the left and the top"),
  ]

  static func check(_ parameters: [Parameter]) throws(StepFailure) {
    guard let text = parameters.first(where: { $0.name == "focus" })?.value else { return }
    guard Focus(text) != nil else {
      throw StepFailure(
        "`focus` takes two percentages, not `\(text)`", help: "from the left and from the top, e.g. 50% 30%")
    }
  }
}
