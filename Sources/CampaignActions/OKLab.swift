import Glibc

/// A colour in OKLab, where equal distances look equally different.
struct OKLab: Hashable, Sendable {
  /// 0...1
  var lightness = 0.0
  /// From green to red.
  var a = 0.0
  /// From blue to yellow.
  var b = 0.0

  init() {}

  /// Takes sRGB.
  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    let (r, g, b) = (Self.linear[Int(red)], Self.linear[Int(green)], Self.linear[Int(blue)])
    let long = cbrt(0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b)
    let medium = cbrt(0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b)
    let short = cbrt(0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b)
    lightness = 0.210_454_255_3 * long + 0.793_617_785 * medium - 0.004_072_046_8 * short
    a = 1.977_998_495_1 * long - 2.428_592_205 * medium + 0.450_593_709_9 * short
    self.b = 0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766 * short
  }

  private static let linear: [Double] = (0...255).map {
    let value = Double($0) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }

  func distance(to other: OKLab) -> Double {
    let (x, y, z) = (lightness - other.lightness, a - other.a, b - other.b)
    return sqrt(x * x + y * y + z * z)
  }

  /// One of 36 coarse colours.
  var bin: Int {
    func third(_ value: Double) -> Int { value < -0.02 ? 0 : value > 0.02 ? 2 : 1 }
    return min(3, max(0, Int(lightness * 4))) * 9 + third(a) * 3 + third(b)
  }
}
