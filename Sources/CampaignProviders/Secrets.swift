import CPlatform
import CampaignCore
import Glibc

/// The key of one service, from the environment or from the file of keys.
package struct Secrets: Sendable {
  package var key: String?
  package var masking: Masking

  /// Throws when the file of keys is not for our eyes only.
  package init(for service: Service, environment: [String: String]) throws(Failure) {
    masking = Masking()
    guard let name = service.keyName else { return }
    // As a file that a key is read from ends with a line end, so may a key.
    key = environment[name].map { CampaignCore.Secrets.trimmed($0[...]) }.flatMap { $0.isEmpty ? nil : $0 }
    if key == nil { key = try Self.read(Self.path(environment))[name] }
    masking = Masking(secrets: key.map { [$0] } ?? [])
  }

  private static func path(_ environment: [String: String]) -> String? {
    environment["CAMPAIGN_KEYS"] ?? environment["HOME"].map { $0 + "/.config/campaign/keys" }
  }

  /// The `NAME=value` lines; none when there is no file.
  private static func read(_ path: String?) throws(Failure) -> [String: String] {
    guard let path, Files.exists(path) else { return [:] }
    let text: String
    do {
      try checkOwner(of: path)
      text = try Files.text(path)
    } catch let error as FileError {
      throw Failure(error)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.local, "\(error)")
    }
    return CampaignCore.Secrets.keys(in: text)
  }

  private static func checkOwner(of path: String) throws {
    let descriptor = try Files.open(path, O_RDONLY | O_NONBLOCK, "read")
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError("read", path) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
      throw Failure(
        .credential, "`\(path)` is not a file of yours", help: "make it a regular file that you own")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw Failure(
        .credential, "others may read the keys in `\(path)`",
        help: "run `chmod 600 \(path)`, and renew the keys")
    }
  }
}
