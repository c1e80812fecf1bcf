import CampaignCore

/// The host that results come from. It must never see a key.
extension World {
  mutating func deliver(_ request: WebRequest, media: Media, api: String) -> WebAnswer {
    if request.headers["authorization"] != nil { violations.append("a key was sent to the delivery host") }
    guard request.parts.count == 3, let job = job(request.parts[1]), !job.isPurged(at: now) else {
      return WebAnswer(404, text: "gone")
    }
    let fault = fault("download", model: job.model)
    let pictures = Self.addresses(in: job.input).compactMap {
      files[String($0.split(separator: "/").last ?? "")]?.sha256
    }.map { String($0.prefix(3)) }
    let bytes = media.bytes(of: job, schemas[job.model] ?? .null, pictures: pictures)
    return Self.answer(bytes, job, fault, request, api: api)
  }

  private static func answer(
    _ bytes: [UInt8], _ job: Job, _ fault: Fault?, _ request: WebRequest, api: String
  ) -> WebAnswer {
    var answer = WebAnswer(200, text: "", type: "application/octet-stream")
    answer.headers += [("ETag", "\"\(job.id)\""), ("Accept-Ranges", "bytes")]
    answer.body = bytes
    let limit = fault?.arguments["bytes"]?.int ?? bytes.count / 2
    switch fault?.name {
    case "404", "403", "410": return WebAnswer(Int(fault!.name) ?? 404, text: "gone")
    case "expired": return WebAnswer(404, text: "gone")
    case "bitflip": if !bytes.isEmpty { answer.body[bytes.count / 2] ^= 1 }
    case "wrong_type": answer.headers[0] = ("Content-Type", "text/plain")
    case "slow": answer.wire = .slow(fault?.arguments["seconds"]?.number ?? 30)
    case "etag_change":
      answer.headers[1] = ("ETag", "\"another\"")
      answer.wire = .cut(limit)
    case "truncate": answer.wire = .cut(limit)
    case "truncate_no_length": answer.wire = .cutUnnoticed(limit)
    case "zero": answer.body = []
    case "html200": return WebAnswer(200, text: "<html><body>Sorry</body></html>", type: "text/html")
    case "no_moov": answer.body = Array(bytes.prefix(36))
    case "redirect_cross_host":
      // Another port is another origin: the API itself, which notes keys that it should not get.
      var redirect = WebAnswer(302, text: "")
      redirect.headers.append(("Location", "\(api)/elsewhere/\(job.id)"))
      return redirect
    default: break
    }
    if let range = request.headers["range"], fault == nil,
      let start = Int(range.dropFirst("bytes=".count).prefix { $0.isNumber }), start < bytes.count
    {
      answer.status = 206
      answer.body = Array(bytes[start...])
      answer.headers.append(("Content-Range", "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"))
    }
    return answer
  }
}
