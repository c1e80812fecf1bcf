extension UInt8 {
  static let newline = UInt8(ascii: "\n")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let hash = UInt8(ascii: "#")
  static let dollar = UInt8(ascii: "$")

  var isBlank: Bool { self == .space || self == .tab || self == 13 }
  var isNameStart: Bool {
    (self >= 65 && self <= 90) || (self >= 97 && self <= 122) || self == UInt8(ascii: "_")
  }
  var isName: Bool { isNameStart || (self >= 48 && self <= 57) || self == UInt8(ascii: "-") }
}
