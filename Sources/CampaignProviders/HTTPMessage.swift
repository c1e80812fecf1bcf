/// One request, as data.
package struct HTTPRequest: Sendable {
  package var url: String
  /// The key; it never goes to another host than that of `url`.
  package var bearer: String?
  package var headers: [String] = []
  /// A POST when there is one, else a GET.
  package var body: [UInt8]?
  /// Seconds for all of it.
  package var time: Double = 60
  /// Seconds without a byte before it counts as broken; nil where an answer may take long.
  package var stall: Double? = 60
  /// Seconds it may go on after a signal: what is paid for should come to an end.
  package var grace: Double = 0
  /// The most bytes of an answer that is kept in memory.
  package var limit = 64 << 20

  package init(_ url: String, bearer: String? = nil, body: [UInt8]? = nil) {
    self.url = url
    self.bearer = bearer
    self.body = body
  }
}

/// An answer of a server, whatever its status.
package struct HTTPAnswer: Hashable, Sendable {
  package var status: Int
  package var headers: [Header] = []
  package var body: [UInt8] = []

  package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package init(_ status: Int, headers: [Header] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The last header of this name, in any case.
  package subscript(name: String) -> String? {
    headers.last { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// How an exchange with a server ended, seen by one question: can the server have acted?
package enum HTTPOutcome: Sendable {
  /// It cannot have seen the request.
  case notSent(TransportTrouble)
  /// The request was on its way, and there is no whole answer.
  case ambiguous(TransportTrouble)
  case answered(HTTPAnswer)
}

/// What the transport reports instead of an answer.
package struct TransportTrouble: Hashable, Sendable {
  /// The code of libcurl, see libcurl-errors(3).
  package var code: Int
  package var message: String
  /// A signal ended it.
  package var isStopped = false
  /// Something of our own that no retry mends: a full disk, an address we do not speak to.
  package var failure: Failure?

  package init(_ code: Int, _ message: String) {
    self.code = code
    self.message = message
  }
}
