import CampaignCore
import CampaignEngine

extension Project {
  /// Reads everything again, and looks for files among the outputs that no rule explains. Writes nothing.
  package func verify() throws(BuildError) -> Verification {
    let plan = try plan(Request())
    do throws(FileError) {
      var verification = try Verification(state)
      verification.add(strays: strays(plan))
      return verification
    } catch { throw .file(error) }
  }

  /// Files in folders that hold outputs and no sources.
  private func strays(_ plan: Plan) -> [String] {
    guard plan.pending.isEmpty else { return [] }
    let outputs = Set(plan.entries.flatMap(\.outputs))
    let sources = Set(plan.entries.flatMap(\.inputs)).subtracting(outputs)
    let shared = Set(sources.compactMap { $0.split(separator: "/").first.map(String.init) })
    let folders = Set(
      outputs.compactMap { path in
        path.contains("/") ? path.split(separator: "/").first.map(String.init) : nil
      }
    ).subtracting(shared)
    return folders.sorted().flatMap(files).filter { !outputs.contains($0) }
  }

  private func files(in folder: String) -> [String] {
    Files.names(in: state.resolve(folder)).sorted().flatMap { name -> [String] in
      let path = folder + "/" + name
      return Files.isFolder(state.resolve(path)) ? files(in: path) : [path]
    }
  }
}
