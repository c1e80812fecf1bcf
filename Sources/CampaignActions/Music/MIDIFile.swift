/// A standard MIDI file of one track: events at ticks, written in a fixed order, so that equal music has equal bytes.
struct MIDIFile: Hashable, Sendable {
  struct Event: Hashable, Sendable {
    var tick: Int
    /// Events of one tick: set-up before releases before notes.
    var rank: Int
    var bytes: [UInt8]
  }

  /// Ticks a quarter note.
  static let division = 480

  /// Microseconds a quarter note.
  var tempo: Int
  var events: [Event] = []

  init(tempo: Int) { self.tempo = tempo }

  mutating func program(_ program: Int, channel: Int, at tick: Int) {
    add(tick, 0, 0xc0, channel, [program])
  }

  mutating func control(_ number: Int, _ value: Int, channel: Int, at tick: Int) {
    add(tick, 0, 0xb0, channel, [number, value])
  }

  mutating func note(_ note: Score.Note) {
    add(note.start, 2, 0x90, note.channel, [note.pitch, max(1, note.velocity)])
    add(note.end, 1, 0x80, note.channel, [note.pitch, 64])
  }

  private mutating func add(_ tick: Int, _ rank: Int, _ status: UInt8, _ channel: Int, _ data: [Int]) {
    let values = data.map { UInt8(min(127, max(0, $0))) }
    events.append(Event(tick: tick, rank: rank, bytes: [status | UInt8(channel & 15)] + values))
  }

  /// The whole file; the track ends at `end`.
  func bytes(end: Int) -> [UInt8] {
    var track: [UInt8] = [0, 0xff, 0x51, 3] + Self.big(tempo, bytes: 3)
    var now = 0
    let order = events.enumerated().sorted {
      ($0.element.tick, $0.element.rank, $0.offset) < ($1.element.tick, $1.element.rank, $1.offset)
    }
    for (_, event) in order {
      track += Self.variable(event.tick - now) + event.bytes
      now = event.tick
    }
    track += Self.variable(max(0, end - now)) + [0xff, 0x2f, 0]
    return Array("MThd".utf8) + Self.big(6, bytes: 4) + Self.big(0, bytes: 2) + Self.big(1, bytes: 2)
      + Self.big(Self.division, bytes: 2) + Array("MTrk".utf8) + Self.big(track.count, bytes: 4) + track
  }

  private static func big(_ value: Int, bytes: Int) -> [UInt8] {
    (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  /// Seven bits a byte, the highest first; all but the last have the top bit set.
  private static func variable(_ value: Int) -> [UInt8] {
    var rest = value >> 7
    var bytes = [UInt8(value & 0x7f)]
    while rest > 0 {
      bytes.insert(UInt8(rest & 0x7f) | 0x80, at: 0)
      rest >>= 7
    }
    return bytes
  }
}
