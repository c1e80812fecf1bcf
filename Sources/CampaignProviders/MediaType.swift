/// What bytes are by their beginning.
package enum MediaType {
  package static func of(_ bytes: some Collection<UInt8>) -> String {
    let head = Array(bytes.prefix(12))
    func starts(_ text: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: text.utf8) }
    if head.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
    if head.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "image/png" }
    if starts("RIFF") { return starts("WEBP", at: 8) ? "image/webp" : "audio/wav" }
    if starts("ID3") || (head.count > 1 && head[0] == 0xFF && head[1] & 0xE0 == 0xE0) { return "audio/mpeg" }
    if starts("ftyp", at: 4) { return "video/mp4" }
    return "application/octet-stream"
  }
}
