import CampaignCore

/// A line of one of the tool's own files that the tool cannot have written so: someone changed it, or the disk did.
package struct OddLine: Hashable, Sendable {
  package var file: String
  /// Counted from 1.
  package var line: Int
  /// In words that follow its place.
  package var problem: String

  /// E.g. ".campaign/journal, line 3: `micros` is no amount of money".
  package var words: String { "\(file), line \(line): \(problem)" }

  /// What to do about one of the ledger.
  static let help = "mend the line by what the provider's own page says, or put the file back from a copy"
}

extension OddLine {
  /// Reads the text of a file of JSON lines. `take` says what is wrong with a line, if anything is.
  ///
  /// A line that a crash has torn off counts as never written: nobody went on before it was on disk.
  static func reading(_ text: String, of file: String, take: (JSON) -> String?) -> [OddLine] {
    var odd: [OddLine] = []
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      do throws(JSON.ParseError) {
        let problem = take(try JSON.parse(Array(line)))
        if let problem { odd.append(OddLine(file: file, line: index + 1, problem: problem)) }
      } catch {
        guard line.last == UInt8(ascii: "}"), error.offset < line.count else { continue }
        odd.append(OddLine(file: file, line: index + 1, problem: "it is no JSON: \(error.message)"))
      }
    }
    return odd
  }
}
