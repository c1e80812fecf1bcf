import CampaignCore
import CampaignKit
import CampaignReporting
import Hummingbird

/// The members of a JSON body, read one by one: what is of another type, or unknown, is a mistake of the caller.
struct Form {
  private let members: [JSON.Member]

  /// - Parameter isLenient: other members are passed over, and `null` is as if the member were missing.
  init(_ bytes: [UInt8], members known: Set<String>, isLenient: Bool = false) throws(Refusal) {
    guard let document = try? JSON.parse(bytes), case .object(let members) = document else {
      throw Refusal(.badRequest, "the body is not a JSON object")
    }
    self.members = isLenient ? members.filter { $0.value != .null } : members
    guard !isLenient else { return }
    for member in members where !known.contains(member.name) {
      let near = suggestion(for: member.name, among: known.sorted()).map { "did you mean `\($0)`?" }
      throw Refusal(.badRequest, "the body has an unknown member `\(member.name)`", help: near)
    }
  }

  private subscript(name: String) -> JSON? { members.last { $0.name == name }?.value }

  private func mistake(_ name: String, _ wanted: String) -> Refusal {
    Refusal(.badRequest, "`\(name)` takes \(wanted)")
  }

  func text(_ name: String, most: Int = 256, mayBeEmpty: Bool = false) throws(Refusal) -> String? {
    guard let value = self[name] else { return nil }
    if mayBeEmpty && value == .string("") { return "" }
    guard let text = value.string, Self.isSound(text, most: most) else {
      throw mistake(name, "a text of 1 to \(most) characters")
    }
    return text
  }

  func needed(_ name: String, most: Int = 256) throws(Refusal) -> String {
    guard let text = try text(name, most: most) else { throw Refusal(.badRequest, "`\(name)` is missing") }
    return text
  }

  func texts(_ name: String, most: Int = 1024) throws(Refusal) -> [String] {
    guard let value = self[name] else { return [] }
    guard let items = value.array, items.count <= 1000 else { throw mistake(name, "a list of texts") }
    var texts: [String] = []
    for item in items {
      guard let text = item.string, Self.isSound(text, most: most) else {
        throw mistake(name, "a list of texts of 1 to \(most) characters")
      }
      texts.append(text)
    }
    return texts
  }

  func flag(_ name: String) throws(Refusal) -> Bool {
    guard let value = self[name] else { return false }
    guard let flag = value.bool else { throw mistake(name, "true or false") }
    return flag
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws(Refusal) -> Int? {
    guard let value = self[name] else { return nil }
    guard let number = value.whole, range.contains(number) else {
      throw mistake(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func number(_ name: String, in range: ClosedRange<Double>) throws(Refusal) -> Double? {
    guard let value = self[name] else { return nil }
    guard let number = value.number, range.contains(number) else {
      throw mistake(name, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Dollars; what is less than a millionth of one rounds up.
  func money(_ name: String) throws(Refusal) -> Money? {
    guard let dollars = try number(name, in: 0...1_000_000) else { return nil }
    return Money(micros: Int64((dollars * 1e6).rounded(.up)))
  }

  func settings(_ name: String) throws(Refusal) -> [(name: String, value: String)] {
    guard let value = self[name] else { return [] }
    guard case .object(let members) = value, members.count <= 100 else {
      throw mistake(name, "an object of settings")
    }
    var settings: [(name: String, value: String)] = []
    for member in members {
      guard let text = member.value.string, text.utf8.count <= 4096, Self.isPrintable(text),
        member.name.wholeMatch(of: /[a-z][a-z0-9-]*/) != nil
      else { throw mistake(name, "an object whose members are names of settings with texts") }
      settings.append((member.name, text))
    }
    return settings
  }

  /// Names that begin like an option are none: they become arguments of programs.
  static func isSound(_ text: String, most: Int) -> Bool {
    !text.isEmpty && !text.hasPrefix("-") && text.unicodeScalars.count <= most && isPrintable(text)
  }

  /// Arguments of programs end at a NUL.
  static func isPrintable(_ text: String) -> Bool { !text.utf8.contains(0) }
}

extension JSON {
  /// A number without a fraction, however it is written: `2` or `2.0`.
  fileprivate var whole: Int? { int ?? number.flatMap { Int(exactly: $0) } }
}
