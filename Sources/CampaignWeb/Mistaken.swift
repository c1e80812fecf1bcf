import CampaignCore
import CampaignKit
import CampaignReporting

/// The overview of a campaign whose Campaignfile has mistakes.
struct Mistaken: Error {
  let json: JSON

  init(_ served: ServedCampaign, profile: String?, _ diagnostics: [Diagnostic]) {
    let (live, event) = served.wire.now()
    let zero = Money.zero.json
    json = .members([
      "id": .string(served.id), "name": .string(Files.name(of: served.root)),
      "folder": .string(served.folder),
      "profile": .text(profile), "profiles": .array([]), "sets": .object([]), "state": .string("invalid"),
      "reason": .string(diagnostics.first?.message ?? ""),
      "needs": .array(diagnostics.map { Self.need($0, served) }), "films": .array([]),
      "storyboard": .array([]),
      "money": .members([
        "spent": zero, "reserved": zero, "budget": .null, "runBudget": .null, "monthBudget": .null,
        "month": zero,
        "usableClips": .int(0), "perUsableClip": .null, "saved": zero, "byProvider": .array([]),
        "planned": zero, "awaited": zero,
        "inFlight": .array([]),
      ]),
      "live": .members([
        "event": .text(event), "run": .text(live.run), "building": .bool(false), "cutShort": .bool(false),
        "owner": .null, "started": .null, "done": .int(0), "total": .int(0), "spent": zero,
        "rows": .array([]),
        "pools": .array([]),
      ]),
      "steps": .array([]), "later": .array([]), "history": .array([]),
    ])
  }

  private static func need(_ diagnostic: Diagnostic, _ served: ServedCampaign) -> JSON {
    .members([
      "kind": .string("mistake"), "target": .null, "message": .string(diagnostic.message),
      "help": .text(diagnostic.help), "code": .string(diagnostic.code),
      "site": .text(diagnostic.site.map { "\($0.file):\($0.line)" }), "sheet": .null, "items": .array([]),
      "command": .string("campaign check\(served.place)"),
    ])
  }
}
