import CampaignCore
import CampaignSyntax

/// Two actions that have every type of parameter between them.
let catalog = [
  ActionSchema(
    "render", "makes a clip",
    parameters: [
      ParameterSchema("duration", .duration, isRequired: true, "how long it is, e.g. 6s"),
      ParameterSchema("size", .size, standard: "1920x1080", "the picture"),
      ParameterSchema("ratio", .ratio, "its form"),
      ParameterSchema("loudness", .loudness, "how loud"),
      ParameterSchema("fps", .count(1...120), standard: "30", "frames a second"),
      ParameterSchema("speed", .number(0.5...2), "how fast"),
      ParameterSchema("loop", .flag, "again and again"),
      ParameterSchema("fit", .word(["crop", "pad", "blur"]), standard: "crop", "into the frame"),
      ParameterSchema("prompt", .text, "what to show"),
      ParameterSchema("price", .money, "what it may cost"),
      ParameterSchema(
        "by", .phrase(example: "local") { $0 == "local" ? nil : "`\($0)` is no maker" }, standard: "local",
        "who"),
    ]),
  ActionSchema(
    "choose", "chooses pairs",
    parameters: [ParameterSchema("scenes", .scenes(fields: ["tags", "prompt"]), "which scenes")]),
]

/// Loads a Campaignfile from texts by name.
func load(
  _ files: [String: String], profile: String? = nil, set: [(name: String, value: String)] = [],
  environment: [String: String] = [:]
) -> (campaign: Campaign?, diagnostics: [Diagnostic]) {
  var request = LoadRequest(
    file: "Campaignfile", read: { name in files[name].map { Array($0.utf8) } }, schemas: catalog)
  request.profile = profile
  request.overrides = set
  request.environment = environment
  return load(request)
}
