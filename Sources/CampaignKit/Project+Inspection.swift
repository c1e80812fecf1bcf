import CampaignCore
import CampaignEngine

extension Project {
  /// The files that a build reads and does not make: the Campaignfile with all it includes, inputs and arrays of rules.
  package var sources: [String] {
    var paths = Set(campaign.files).union(recipe.rules.compactMap(\.each))
    let outputs = Set(recipe.rules.flatMap { $0.outputs.map(\.description) })
    for input in recipe.rules.flatMap(\.inputs) {
      switch input {
      case .file(let template) where !template.hasFields: paths.insert(template.description)
      case .glob(_, let files, _): paths.formUnion(files)
      case .file, .all: break
      }
    }
    return paths.subtracting(outputs).sorted()
  }
}
