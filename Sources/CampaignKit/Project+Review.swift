import CampaignActions
import CampaignCore
import CampaignEngine

/// What a person has to look at before a build goes on.
package struct Review: Sendable {
  package struct Item: Sendable {
    package var name: String
    package var first: String
    package var last: String
    package var reason: String
    package var prompt: String?
    /// What it costs to make what follows from it.
    package var price: Money
  }

  /// What is to be approved.
  package var target: String
  /// A picture of all pairs.
  package var sheet: String?
  package var items: [Item]
}

extension Project {
  /// What waits for an approval now, with pictures where it is a list of pairs.
  package func reviews(_ request: Request) throws(BuildError) -> [Review] {
    reviews(of: try plan(request)).map(withSheet)
  }

  /// What waits for an approval in a plan, with the pictures that are there already. Writes nothing.
  package func reviews(of plan: Plan) -> [Review] {
    let entries = plan.entries
    let gates = Set(
      entries.flatMap { entry -> [String] in
        if case .awaiting(let targets) = entry.verdict { targets } else { [] }
      })
    return gates.sorted().map { review($0, entries) }
  }

  private func review(_ target: String, _ entries: [Plan.Entry]) -> Review {
    var review = Review(target: target, items: [])
    guard let bytes = try? Files.read(state.resolve(target)), let list = (try? JSON.parse(bytes))?.array
    else {
      return review
    }
    for (index, element) in list.enumerated() {
      guard let first = element["first"]?.string, let last = element["last"]?.string else { return review }
      let name = Graph.Item(element, index: index).name
      let following = entries.filter { entry in
        if case .awaiting(let gates) = entry.verdict {
          gates.contains(target) && entry.item == name
        } else {
          false
        }
      }
      guard !following.isEmpty else { continue }
      review.items.append(
        Review.Item(
          name: name, first: first, last: last,
          reason: element["reason"]?.string ?? "", prompt: element["prompt"]?.string,
          price: following.reduce(.zero) { $0 + $1.estimate }))
    }
    let sheet = Self.sheet(of: target)
    if let drawn = FileStamp.of(state.resolve(sheet)), let made = FileStamp.of(state.resolve(target)) {
      review.sheet = drawn.modified >= made.modified ? sheet : nil
    }
    return review
  }

  /// The same with a new picture of all pairs.
  private func withSheet(_ review: Review) -> Review {
    guard !review.items.isEmpty else { return review }
    var review = review
    let sheet = Self.sheet(of: review.target)
    let pairs = review.items.map { (first: $0.first, last: $0.last) }
    do throws(FileError) {
      try Files.makeFolder(Files.folder(of: state.resolve(sheet))!)
      try ContactSheet(pairs: pairs).write(to: sheet, root: root)
      review.sheet = sheet
    } catch { review.sheet = nil }
    return review
  }

  private static func sheet(of target: String) -> String { StateFolder.name + "/review/" + target + ".jpg" }
}
