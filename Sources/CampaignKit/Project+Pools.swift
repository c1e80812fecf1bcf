import CampaignActions
import CampaignCore
import CampaignEngine

extension Project {
  /// Pools that steps of this campaign can run in: `cpu`, its own, and one for each provider.
  package var pools: [String] {
    let providers = recipe.rules.flatMap { rule in
      rule.parameters.filter { $0.name == "by" }.flatMap { Split.providers(in: $0.value.description) }
    }
    return (["cpu"] + Set(campaign.pools.map(\.name) + providers).subtracting(["cpu"]).sorted())
  }

  /// The pools that are paused now; `*` stands for all of them.
  package var pausedPools: PausedPools { PausedPools(state) }

  /// Lets no step start in a pool, or in any, until `resume`; a build that runs obeys within a second.
  package func pause(_ pool: String?) throws(BuildError) { try change(pool) { $0.pause($1) } }

  /// Lets steps start again in a pool, or in all.
  package func resume(_ pool: String?) throws(BuildError) { try change(pool) { $0.resume($1) } }

  private func change(_ pool: String?, _ body: (inout PausedPools, String) -> Void) throws(BuildError) {
    if let pool, !pools.contains(pool) {
      let near = suggestion(for: pool, among: pools).map { "did you mean `\($0)`?" }
      throw .invalid([
        Diagnostic(
          "E0207", "there is no pool `\(pool)`", at: nil,
          help: near ?? "there are " + pools.joined(separator: ", "))
      ])
    }
    var paused = pausedPools
    body(&paused, pool ?? PausedPools.all)
    do throws(FileError) { try paused.save(state) } catch { throw .file(error) }
  }
}
