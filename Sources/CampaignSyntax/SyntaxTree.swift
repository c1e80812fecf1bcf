import CampaignCore

/// A Campaignfile as written: each node keeps its place, nothing is resolved yet.
struct SyntaxTree: Sendable {
  var source: SourceText
  var statements: [Statement] = []

  enum Statement: Sendable {
    case campaign(name: Span)
    case setting(Assignment)
    case rule(RuleSyntax)
    case block(Block)
    case include(path: Span)
  }

  /// `name = value`
  struct Assignment: Sendable {
    var name: Span
    var value: ValueSyntax
  }

  /// What stands right of `=`.
  struct ValueSyntax: Sendable {
    enum Form: Sendable {
      /// Bare words to the end of the line.
      case words
      /// Between quotes, which the span leaves out.
      case string
      /// Between triple quotes, which the span leaves out.
      case longString
    }
    var form: Form
    var span: Span
  }

  /// `scene`, `profile` or `pool` with its assignments.
  struct Block: Sendable {
    enum Kind: String, Sendable { case scene, profile, pool, model }
    var kind: Kind
    var name: Span
    var assignments: [Assignment] = []
  }

  struct RuleSyntax: Sendable {
    var outputs: [Span] = []
    var inputs: [Span] = []
    var variable: Span?
    var file: Span?
    /// The whole first line.
    var header: Span
    var action: Span?
    var parameters: [Assignment] = []
    /// The `$` lines, without the `$`.
    var script: [Span] = []
  }
}
