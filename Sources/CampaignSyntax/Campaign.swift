import CampaignCore

/// A Campaignfile after checking: every name resolved, every value typed and in its canonical spelling.
package struct Campaign: Sendable {
  package var name: String
  /// The Campaignfile and all it includes.
  package var files: [String] = []
  package var rules: [Rule] = []
  package var scenes: [Scene] = []
  /// In order of definition, with the override that won.
  package var settings: [Setting] = []
  package var pools: [Pool] = []
  package var profiles: [String] = []
  /// In order of definition; the same name twice is a mistake.
  package var models: [Model] = []
  package var budget: Money?
  package var runBudget: Money?
  package var monthBudget: Money?
  /// What is run or called when a build has ended, by the setting's name, e.g. `on-failure`.
  package var hooks: [String: String] = [:]

  package init(name: String) { self.name = name }

  package struct Setting: Sendable {
    package enum Origin: Hashable, Sendable {
      case commandLine
      case environment
      case profile(String)
      case file
    }
    package var name: String
    package var value: String
    package var origin: Origin
    package var site: Site?

    package init(name: String, value: String, origin: Origin, site: Site?) {
      self.name = name
      self.value = value
      self.origin = origin
      self.site = site
    }
  }

  /// A `scene` block: fields as plain text, e.g. `tags`, `prompt`, `camera`, `music`, `duration`.
  package struct Scene: Sendable {
    package var name: String
    package var fields: [(name: String, value: String)]
    package var site: Site

    package init(name: String, fields: [(name: String, value: String)], site: Site) {
      self.name = name
      self.fields = fields
      self.site = site
    }
  }

  /// A `model` block: what a provider's model takes, makes and costs, in plain text.
  package struct Model: Sendable {
    package var name: String
    package var fields: [(name: String, value: String)]
    package var site: Site

    package init(name: String, fields: [(name: String, value: String)], site: Site) {
      self.name = name
      self.fields = fields
      self.site = site
    }
  }

  package struct Pool: Sendable {
    package var name: String
    package var width: Int
    /// Steps that may start in a minute; nil: any number.
    package var perMinute: Double?
    package var site: Site

    package init(name: String, width: Int, perMinute: Double? = nil, site: Site) {
      self.name = name
      self.width = width
      self.perMinute = perMinute
      self.site = site
    }
  }

  /// `outputs: inputs for variable in file` and what to do.
  package struct Rule: Sendable {
    package var outputs: [Path]
    package var inputs: [Path]
    package var each: Each?
    package var recipe: Recipe
    package var site: Site
    /// Universal parameters; they never shape the result.
    package var pool: String?
    package var manner = Manner()
    package var isCostly = false
    package var needsApproval = false

    package init(outputs: [Path], inputs: [Path], each: Each?, recipe: Recipe, site: Site) {
      self.outputs = outputs
      self.inputs = inputs
      self.each = each
      self.recipe = recipe
      self.site = site
    }
  }

  package struct Each: Sendable {
    package var variable: String
    package var file: Path

    package init(variable: String, file: Path) {
      self.variable = variable
      self.file = file
    }
  }

  /// A path as written: plain, a glob, or with `{variable.field}` holes.
  package struct Path: Sendable {
    package var parts: [Part]
    /// `*`, `?` or `[...]` occurs outside of holes.
    package var isGlob: Bool
    package var site: Site

    package init(parts: [Part], isGlob: Bool, site: Site) {
      self.parts = parts
      self.isGlob = isGlob
      self.site = site
    }
  }

  /// A piece of a path or a value.
  package enum Part: Hashable, Sendable {
    case text(String)
    /// `{pair.first}`; the variable is the rule's own, or, in an input of a rule without `for`, any.
    case field(variable: String, name: String)
  }

  package enum Recipe: Sendable {
    /// A built-in action; parameters include settings of the same name and defaults, in schema order.
    case action(name: String, parameters: [Parameter])
    /// The script for `sh -eu`, and the settings that it names as environment variables.
    case shell(script: String, variables: [Parameter])
    /// No action: a name for its inputs.
    case alias
  }

  package struct Parameter: Sendable {
    package var name: String
    /// One `.text` in canonical spelling, or parts with fields that a dynamic step fills in.
    package var parts: [Part]
    /// Checks and spells a value that is known only once fields are filled in.
    package var type: ValueType
    package var site: Site?

    package init(name: String, parts: [Part], type: ValueType, site: Site?) {
      self.name = name
      self.parts = parts
      self.type = type
      self.site = site
    }
  }
}
