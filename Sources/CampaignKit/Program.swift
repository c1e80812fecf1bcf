import CampaignCore
import CampaignSyntax

/// This program, as far as what it keeps is good for no other.
enum Program {
  /// Of the program's file, and of the models that a campaign adds: they shape what actions are.
  static func fingerprint(_ models: [Campaign.Model]) -> ContentHash {
    let file = FileStamp.ofAnything("/proc/self/exe")
    var hasher = ContentHasher()
    for number in [file.size, file.modified, file.changed] { hasher.append(UInt64(bitPattern: number)) }
    hasher.append(file.inode)
    if !models.isEmpty { hasher.append(String(describing: models)) }
    return hasher.finish()
  }
}
