import CampaignCore

/// What the last good run of a step was: enough to judge whether it still holds, and to say why not.
package struct Trace: Hashable, Sendable {
  package struct Output: Hashable, Sendable {
    package var path: String
    package var hash: ContentHash
  }

  package struct Input: Hashable, Sendable {
    /// Checksum of its path; the path itself is in the cache's record of the file.
    package var path: UInt64
    package var hash: ContentHash
  }

  package var key: ContentHash
  package var action: Action
  package var outputs: [Output]
  package var inputs: [Input]
  package var milliseconds: UInt32
  package var cost: Money
  /// Seconds since 1970.
  package var finished: Int64
  /// The outputs are a person's, adopted: a build does not overwrite them unasked.
  package var isEdited: Bool
}

extension Trace {
  /// The record in the hash cache.
  var payload: [UInt8] {
    var writer = ByteWriter()
    writer.put(HashCache.Kind.trace.rawValue)
    writer.put(isEdited ? UInt8(1) : 0)
    writer.put(key)
    writer.put(milliseconds)
    writer.put(cost.micros)
    writer.put(finished)
    writer.put(UInt32(outputs.count))
    for output in outputs {
      writer.put(output.path)
      writer.put(output.hash)
      // What stood there before, for versions that look for it here.
      writer.put(output.hash)
    }
    writer.put(UInt32(inputs.count))
    for input in inputs {
      writer.put(input.path)
      writer.put(input.hash)
    }
    writer.put(action.name)
    writer.put(UInt32(action.version))
    writer.put(UInt32(action.parameters.count))
    for parameter in action.parameters {
      writer.put(parameter.name)
      writer.put(parameter.value)
    }
    return writer.bytes
  }

  /// Nil for a record of another form.
  init?(payload: UnsafeRawBufferPointer) {
    var reader = ByteReader(payload, at: 1)
    isEdited = reader.take(UInt8.self) == 1
    key = reader.takeHash()
    milliseconds = reader.take(UInt32.self)
    cost = Money(micros: reader.take(Int64.self))
    finished = reader.take(Int64.self)
    outputs = reader.takeList {
      let output = Output(path: $0.takeText(), hash: $0.takeHash())
      _ = $0.takeHash()
      return output
    }
    inputs = reader.takeList { Input(path: $0.take(UInt64.self), hash: $0.takeHash()) }
    let name = reader.takeText()
    let version = Int(reader.take(UInt32.self))
    let parameters = reader.takeList { Parameter($0.takeText(), $0.takeText()) }
    action = Action(name: name, version: version, parameters: parameters)
    guard reader.isWhole, !outputs.isEmpty else { return nil }
  }

  static func milliseconds(in payload: UnsafeRawBufferPointer) -> UInt32 {
    var reader = ByteReader(payload, at: 2 + 16)
    return reader.take(UInt32.self)
  }

  /// The first output of the trace in `payload`: its name, read without the rest.
  static func name(in payload: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var reader = ByteReader(payload, at: 2 + 16 + 4 + 8 + 8 + 4)
    return reader.takeBytes()
  }
}
