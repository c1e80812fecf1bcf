import CampaignCore
import CampaignEngine

extension Project {
  /// The files that a build reads and does not make: the Campaignfile with all it includes, inputs of rules.
  package var sources: [String] {
    var paths = Set(campaign.files)
    let outputs = Set(recipe.rules.flatMap { $0.outputs.map(\.description) })
    for input in recipe.rules.flatMap(\.inputs) {
      switch input {
      case .file(let template) where !template.hasFields: paths.insert(template.description)
      case .glob(let matches): paths.formUnion(matches)
      case .file, .all: break
      }
    }
    return paths.subtracting(outputs).sorted()
  }
}
