import CampaignCore

package struct LoadRequest {
  package var file: String
  package var read: (String) -> [UInt8]?
  package var schemas: [ActionSchema]
  package var overrides: [(name: String, value: String)] = []
  package var environment: [String: String] = [:]
  package var profile: String?
  package init(file: String, read: @escaping (String) -> [UInt8]?, schemas: [ActionSchema]) {
    self.file = file
    self.read = read
    self.schemas = schemas
  }
}

package struct ValueProblem: Error { package var message: String; package var help: String? }

extension ValueType {
  package func canonical(_ text: String) -> Result<String, ValueProblem> {
    switch self {
    case .duration: Milliseconds(text).map { .success($0.description) } ?? .failure(ValueProblem(message: "`\(text)` is no duration"))
    default: .success(text)
    }
  }
}

package func load(_ request: LoadRequest) -> (campaign: Campaign?, diagnostics: [Diagnostic]) {
  guard let bytes = request.read(request.file) else {
    return (nil, [Diagnostic("E0100", "there is no `\(request.file)` here", at: nil)])
  }
  var campaign = Campaign(name: "interim")
  var settings: [String: String] = [:]
  for (name, value) in request.overrides { settings[name] = value }
  let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  var scene: Campaign.Scene?
  var rule: Campaign.Rule?
  var script: [String] = []
  var parameters: [(String, String)] = []
  var action: String?
  var block = ""
  func site(_ n: Int) -> Site { Site(file: request.file, line: n + 1, column: 1, text: lines[n]) }
  func strip(_ s: Substring) -> String {
    var t = String(s); if let r = t.range(of: " #") { t = String(t[..<r.lowerBound]) }
    t = t.trim
    return t.hasPrefix("\"") && t.hasSuffix("\"") && t.count > 1 ? String(t.dropFirst().dropLast()) : t
  }
  func parts(_ s: String) -> [Campaign.Part] {
    var out: [Campaign.Part] = []; var text = ""; var rest = s[...]
    while let c = rest.first {
      if c == "{", let e = rest.firstIndex(of: "}"), rest[..<e].contains(".") {
        if !text.isEmpty { out.append(.text(text)); text = "" }
        let f = rest[rest.index(after: rest.startIndex)..<e].split(separator: ".")
        out.append(.field(variable: String(f[0]), name: String(f[1]))); rest = rest[rest.index(after: e)...]
      } else { text.append(c); rest.removeFirst() }
    }
    if !text.isEmpty { out.append(.text(text)) }
    return out
  }
  func path(_ s: Substring, _ n: Int) -> Campaign.Path {
    Campaign.Path(parts: parts(String(s)), isGlob: s.contains { "*?[".contains($0) }, site: site(n))
  }
  func value(_ s: String) -> String {
    var t = s
    for (k, v) in settings.sorted(by: { $0.key.count > $1.key.count }) { t = t.replacing("$" + k, with: v) }
    return t
  }
  func end() {
    if var r = rule {
      if !script.isEmpty {
        r.recipe = .shell(script: script.joined(separator: "\n"), variables: settings.filter { e in script.contains { $0.contains("$" + e.key) } }.map { Campaign.Parameter(name: $0.key, parts: [.text($0.value)], type: .text, site: nil) }.sorted { $0.name < $1.name })
      } else if let action {
        let schema = request.schemas.first { $0.name == action }
        var ps: [Campaign.Parameter] = []
        for p in schema?.parameters ?? [] {
          let given = parameters.first { $0.0 == p.name }?.1 ?? settings[p.name]
          if case .scenes(let fields) = p.type, given != nil {
            _ = fields
            ps.append(Campaign.Parameter(name: p.name, parts: [.text("@scenes:" + fields.joined(separator: ","))], type: p.type, site: nil)); continue
          }
          guard let v = given.map(value) ?? p.standard else { continue }
          ps.append(Campaign.Parameter(name: p.name, parts: parts(v), type: p.type, site: nil))
        }
        r.recipe = .action(name: action, parameters: ps)
      }
      r.isCostly = parameters.contains { $0.0 == "costly" && $0.1 == "yes" }
      r.pool = parameters.first { $0.0 == "pool" }?.1
      campaign.rules.append(r)
    }
    if let s = scene { campaign.scenes.append(s) }
    rule = nil; scene = nil; script = []; parameters = []; action = nil; block = ""
  }
  for (n, line) in lines.enumerated() {
    let t = line.trim
    if t.isEmpty || t.hasPrefix("#") { continue }
    if line.first == " " {
      if t.hasPrefix("$ ") { script.append(String(t.dropFirst(2))) }
      else if let eq = t.firstIndex(of: "="), action != nil || rule == nil || !t.contains(" = ") == false {
        let k = String(t[..<eq]).trim, v = strip(t[t.index(after: eq)...])
        if scene != nil { scene!.fields.append((name: k, value: v)) }
        else if block == "profile" { }
        else if block == "pool" { campaign.pools[campaign.pools.count - 1].width = Int(v) ?? 1 }
        else { parameters.append((k, v)) }
      } else { action = strip(t[...]) }
      continue
    }
    end()
    if t.hasPrefix("campaign ") { campaign.name = String(t.dropFirst(9)) }
    else if t.hasPrefix("scene ") { scene = Campaign.Scene(name: String(t.dropFirst(6)), fields: [], site: site(n)) }
    else if t.hasPrefix("profile ") { block = "profile" }
    else if t.hasPrefix("pool ") { campaign.pools.append(Campaign.Pool(name: String(t.dropFirst(5)), width: 1, site: site(n))) }
    else if let colon = t.firstIndex(of: ":"), !t.contains(" = ") {
      let outs = t[..<colon].split(separator: " ").map { path($0, n) }
      var ins = strip(t[t.index(after: colon)...]).split(separator: " ")
      var each: Campaign.Each?
      if ins.count >= 4, ins[ins.count - 4] == "for" {
        each = Campaign.Each(variable: String(ins[ins.count - 3]), file: path(ins.last!, n)); ins.removeLast(4)
      }
      rule = Campaign.Rule(outputs: outs, inputs: ins.map { path($0, n) }, each: each, recipe: .alias, site: site(n))
    } else if let eq = t.firstIndex(of: "=") {
      let k = String(t[..<eq]).trim
      if settings[k] == nil { settings[k] = strip(t[t.index(after: eq)...]) }
    }
  }
  end()
  for r in campaign.rules.indices {
    if case .action(let name, var ps) = campaign.rules[r].recipe {
      for p in ps.indices {
        if case .text(let t)? = ps[p].parts.first, t.hasPrefix("@scenes:") {
          let fields = t.dropFirst(8).split(separator: ",").map(String.init)
          ps[p].parts = [.text(JSON.array(campaign.scenes.map { s in .object([.init("name", .string(s.name))] + s.fields.filter { fields.contains($0.name) }.map { .init($0.name, .string($0.value)) }) }).compact)]
        }
      }
      campaign.rules[r].recipe = .action(name: name, parameters: ps)
    }
  }
  return (campaign, [])
}

extension String {
  fileprivate var trim: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
extension StringProtocol { fileprivate func range(of s: String) -> Range<Index>? { self.firstRange(of: s) } }
