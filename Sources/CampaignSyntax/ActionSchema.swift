import CampaignCore

/// What the language has to know of an action to check its parameters before anything runs.
///
/// The actions themselves live on the floor above; they hand their schemas down.
package struct ActionSchema: Sendable {
  package var name: String
  /// One line for `campaign help`.
  package var summary: String
  package var parameters: [ParameterSchema]

  package init(_ name: String, _ summary: String, parameters: [ParameterSchema]) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
  }
}

/// One parameter of an action.
package struct ParameterSchema: Sendable {
  package var name: String
  package var type: ValueType
  /// Canonical text taken when neither the rule nor a setting of that name says otherwise; nil: the parameter is left out.
  package var standard: String?
  package var summary: String
  package var isRequired: Bool

  package init(
    _ name: String, _ type: ValueType, standard: String? = nil, isRequired: Bool = false, _ summary: String
  ) {
    self.name = name
    self.type = type
    self.standard = standard
    self.isRequired = isRequired
    self.summary = summary
  }
}

/// What a parameter takes. Each type has one canonical spelling, which is what keys and actions see.
package indirect enum ValueType: Sendable {
  /// `6s`, `500ms`, `1.5s`, `2m` -> canonical `Milliseconds` text.
  case duration
  /// A duration above zero.
  case length
  /// `1920x1080`
  case size
  /// `16:9`
  case ratio
  /// `25.00 USD` -> micro-dollars as digits.
  case money
  /// `-14 LUFS`
  case loudness
  /// A whole number within bounds.
  case count(ClosedRange<Int>)
  /// A decimal number within bounds.
  case number(ClosedRange<Double>)
  /// `yes` or `no`.
  case flag
  /// One of some words.
  case word([String])
  /// A "string", a """long string""" or the rest of the line.
  case text
  /// Words with a grammar of their own, e.g. `crossfade 500ms`; `check` returns what is wrong, `example` what is right.
  case phrase(example: String, check: @Sendable (String) -> String?)
  /// `all` or names of scene blocks -> a compact JSON array of objects: `name` and those of `fields` that the scene has.
  case scenes(fields: [String])
}
