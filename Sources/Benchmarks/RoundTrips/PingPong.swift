/// The floor of a round trip: the same bytes there and back over a plain socket, to the same server.
struct PingPong {
  let port: Int
  var exchange: Tape.Exchange
  /// Sent first where the connection must be opened; its answer ends with an empty line.
  var opening: [UInt8]?

  /// - Parameter began: Told when each request is written.
  func measure(
    _ count: Int, began: (Int64) -> Void = { _ in }
  ) throws(SocketFailure) -> Samples {
    let socket = try PlainSocket(port: port)
    defer { socket.end() }
    var bytes: [UInt8] = []
    if let opening {
      guard socket.send(opening) else { throw SocketFailure("write") }
      while HTTPTalk.end(of: bytes) == nil {
        guard socket.receive(into: &bytes) else { throw SocketFailure("read") }
      }
    }
    var samples = Samples(capacity: count)
    for _ in 0..<count {
      bytes.removeAll(keepingCapacity: true)
      let start = Stopwatch.wall
      began(start)
      guard socket.send(exchange.request) else { throw SocketFailure("write") }
      while bytes.count < exchange.response.count {
        guard socket.receive(into: &bytes) else { throw SocketFailure("read") }
      }
      samples.note(Stopwatch.wall - start)
    }
    return samples
  }
}
