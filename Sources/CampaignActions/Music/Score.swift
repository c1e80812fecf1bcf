/// Music for one film: notes with their bars, ready to be written as MIDI.
struct Score: Hashable, Sendable {
  struct Note: Hashable, Sendable {
    /// Ticks.
    var start: Int
    var end: Int
    var pitch: Int
    var velocity: Int
    var channel: Int
  }

  struct Bar: Hashable, Sendable {
    /// Ticks.
    var start: Int
    var chord: Chord
    /// The pitches of the pad, upwards.
    var voices: [Int]
    var mood: Mood
    /// 0...1, with the crescendo of the film.
    var energy: Double
    /// The scene on screen in the middle of it.
    var scene: String
  }

  enum Part: Int, CaseIterable, Sendable {
    case pad, lead, arpeggio, bass
    case percussion = 9

    /// Volume, pan and reverb, as MIDI has them.
    var balance: (volume: Int, pan: Int, reverb: Int) {
      switch self {
      case .pad: (78, 64, 80)
      case .lead: (96, 72, 70)
      case .arpeggio: (80, 46, 70)
      case .bass: (88, 64, 20)
      case .percussion: (56, 84, 40)
      }
    }
  }

  var key: Key
  var meter: Meter
  var bars: [Bar]
  var notes: [Note] = []
  /// Where all notes have been let go, in ticks; what follows rings out.
  var release: Int

  var end: Int { meter.bars * meter.barTicks }

  /// The file that fluidsynth plays.
  var midi: [UInt8] {
    var file = MIDIFile(tempo: meter.tempo)
    for part in Part.allCases {
      let balance = part.balance
      for (number, value) in [(7, balance.volume), (10, balance.pan), (91, balance.reverb), (93, 10)] {
        file.control(number, value, channel: part.rawValue, at: 0)
      }
    }
    file.program(40, channel: Part.percussion.rawValue, at: 0)
    addPrograms(to: &file)
    addExpression(to: &file)
    for note in notes { file.note(note) }
    return file.bytes(end: end)
  }

  private func addPrograms(to file: inout MIDIFile) {
    var before: Mood?
    for bar in bars {
      let parts: [(Part, KeyPath<Mood, Int>)] = [
        (.pad, \.pad), (.lead, \.lead), (.arpeggio, \.arpeggio), (.bass, \.bass),
      ]
      for (part, path) in parts where before?[keyPath: path] != bar.mood[keyPath: path] {
        file.program(bar.mood[keyPath: path], channel: part.rawValue, at: bar.start)
      }
      before = bar.mood
    }
  }

  /// The pad swells from bar to bar, and the pedal holds the arpeggio within each.
  private func addExpression(to file: inout MIDIFile) {
    for (index, bar) in bars.enumerated() {
      let next = index + 1 < bars.count ? bars[index + 1].energy : bar.energy
      for beat in 0..<meter.beats {
        let energy = bar.energy + (next - bar.energy) * Double(beat) / Double(meter.beats)
        file.control(
          11, 88 + Int(30 * energy), channel: Part.pad.rawValue, at: bar.start + beat * MIDIFile.division)
      }
      let pedal = Part.arpeggio.rawValue
      file.control(64, 127, channel: pedal, at: bar.start + 20)
      file.control(64, 0, channel: pedal, at: min(release, bar.start + meter.barTicks - 10))
    }
  }
}

/// Bars and a tempo that fill a film exactly.
struct Meter: Hashable, Sendable {
  /// Beats a bar.
  var beats: Int
  var bars: Int
  /// Microseconds a beat.
  var tempo: Int

  var barTicks: Int { beats * MIDIFile.division }
  var beatsPerMinute: Double { 60e6 / Double(tempo) }

  /// As near to a tempo as whole bars allow: of four beats, or of two or three in a short film.
  init(seconds: Double, near wish: Double) {
    let isShort = seconds * wish / 240 < 5
    let choices = (isShort ? [2, 3] : [4]).map { beats in
      let bars = max(2, Int((seconds * wish / 60 / Double(beats)).rounded()))
      return (beats: beats, bars: bars, tempo: seconds * 1e6 / Double(bars * beats))
    }
    let best = choices.min { abs($0.tempo * wish / 60e6 - 1) < abs($1.tempo * wish / 60e6 - 1) } ?? choices[0]
    beats = best.beats
    bars = best.bars
    tempo = Int(best.tempo)
  }
}
