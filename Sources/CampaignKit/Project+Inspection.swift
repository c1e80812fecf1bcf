import CampaignCore
import CampaignEngine

extension Project {
  /// The log of the last run of the step that makes `target`; nil when it has not run.
  package func log(_ target: String) throws(BuildError) -> String? {
    let path = state.resolve(StateFolder.log(of: target))
    guard Files.exists(path) else { return nil }
    do throws(FileError) { return try Files.text(path) } catch { throw .file(error) }
  }
}

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
