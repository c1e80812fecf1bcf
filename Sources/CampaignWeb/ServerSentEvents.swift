import CampaignCore
import HTTPTypes
import Hummingbird
import NIOCore

/// Events in the form of an event stream.
enum ServerSentEvents {
  /// Events after which a page has to fetch the overview anew.
  private static let turns: Set = [
    "plan", "plan.grew", "step.started", "step.finished", "gate.waiting", "run.finished",
  ]

  static func buffer(_ lines: [RunReader.Line]) -> ByteBuffer {
    var text = ""
    for line in lines { text += message(line.event, line.text, id: line.id) }
    if lines.contains(where: { turns.contains($0.event) }) {
      text += message("state", "{}", id: lines.last?.id)
    }
    return ByteBuffer(string: text)
  }

  /// What a stream begins with: what was missed, or, without anything to go on from, the wish to fetch the state.
  static func open(_ missed: [RunReader.Line], isResumed: Bool, at position: String?) -> ByteBuffer {
    var buffer = ByteBuffer(string: "retry: 2000\n\n")
    if isResumed {
      if !missed.isEmpty { buffer.writeImmutableBuffer(self.buffer(missed)) }
    } else {
      buffer.writeImmutableBuffer(changed(at: position))
    }
    return buffer
  }

  static func changed(at position: String?) -> ByteBuffer {
    ByteBuffer(string: message("state", "{}", id: position))
  }

  static let ping = ByteBuffer(string: ": ping\n\n")

  /// `data` is one line: JSON has no other.
  static func message(_ event: String, _ data: String, id: String?) -> String {
    (id.map { "id: \($0)\n" } ?? "") + "event: \(event)\ndata: \(data)\n\n"
  }

  static func response(_ stream: some AsyncSequence<ByteBuffer, Never> & Sendable) -> Response {
    let body = ResponseBody { writer in
      for await message in stream { try await writer.write(message) }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
  }
}
