import CampaignCore
import Glibc

/// The file `OUTPUT.part` that a download grows in, over several tries.
final class PartFile {
  let path: String
  private(set) var size = 0
  private let descriptor: Int32
  /// What the server has to have still, for the bytes we hold to be of any use.
  private var validator: String?
  /// More than any clip or piece of music.
  private static let most = 4 << 30

  init(_ path: String) throws(Failure) {
    self.path = path
    do { descriptor = try Files.open(path, O_RDWR | O_CREAT | O_TRUNC, "write") } catch {
      throw Failure(error)
    }
  }

  deinit { close(descriptor) }

  /// The headers that ask for the rest only; none when it has to begin anew.
  var resumption: [String] {
    guard size > 0, let validator else { return [] }
    return ["Range: bytes=\(size)-", "If-Range: \(validator)"]
  }

  /// Adds bytes of an answer: a 200 begins anew, a 206 goes on if it goes on from here.
  func append(_ bytes: UnsafeRawBufferPointer, of answer: HTTPAnswer) throws(Failure) {
    if isFirst {
      isFirst = false
      try begin(answer)
    }
    guard size + bytes.count <= Self.most else { throw Failure(.model, "the output is larger than 4 GiB") }
    do { try Files.append(Array(bytes), to: descriptor, path: path) } catch { throw Failure(error) }
    size += bytes.count
  }

  private var isFirst = true

  /// Call before each try.
  func prepare() { isFirst = true }

  private func begin(_ answer: HTTPAnswer) throws(Failure) {
    if answer.status == 206 {
      guard answer["Content-Range"]?.hasPrefix("bytes \(size)-") == true else {
        validator = nil
        throw Failure(.network, "the server sent another range than was asked for")
      }
    } else {
      try restart()
    }
    // A weak validator promises no equal bytes.
    validator = answer["ETag"].flatMap { $0.hasPrefix("W/") ? nil : $0 } ?? answer["Last-Modified"]
  }

  /// Throws away what has come.
  func restart() throws(Failure) {
    validator = nil
    size = 0
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw Failure(FileError("write", path))
    }
  }

  func bytes(at offset: Int, count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, min(count, size - offset)))
    let read = pread(descriptor, &bytes, bytes.count, off_t(offset))
    guard read >= 0 else { throw Failure(FileError("read", path)) }
    return Array(bytes.prefix(read))
  }

  /// Makes it the output: on the disk first, then by its name.
  func publish(as output: String) throws(Failure) {
    guard fsync(descriptor) == 0 else { throw Failure(FileError("sync", path)) }
    do { try Files.rename(path, to: output) } catch { throw Failure(error) }
  }
}
