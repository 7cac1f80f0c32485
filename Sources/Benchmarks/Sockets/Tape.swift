import Synchronization

/// The last exchange as it went over the wire, so that the floor sends the same bytes.
final class Tape: Sendable {
  struct Exchange: Sendable {
    var request: [UInt8] = []
    var response: [UInt8] = []
  }

  private let exchange = Mutex(Exchange())

  var last: Exchange { exchange.withLock { $0 } }

  func note(_ request: [UInt8], _ response: [UInt8]) {
    exchange.withLock { $0 = Exchange(request: request, response: response) }
  }
}
