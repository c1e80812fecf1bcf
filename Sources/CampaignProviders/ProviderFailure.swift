import CampaignCore

/// Why a provider could not deliver; `man campaign-provider` says what each kind means to `campaign`.
struct ProviderFailure: Error, Hashable {
  enum Kind: String, Hashable {
    case request, credential, billing, permission, model, moderation, resource, infrastructure, network
    case detached, lost, unknown, canceled, refused, failed, local
  }

  var kind: Kind
  var message: String
  var help: String?

  init(_ kind: Kind, _ message: String, help: String? = nil) {
    self.kind = kind
    self.message = message
    self.help = help
  }

  init(_ error: FileError) { self.init(.local, error.description) }
}
