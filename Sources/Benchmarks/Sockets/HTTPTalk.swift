/// One side of an HTTP/1.1 connection that takes every request for an order and accepts it. It looks
/// at nothing but where the request ends.
enum HTTPTalk {
  private static let body = """
    {"retCode":0,"retMsg":"OK","result":{"orderId":"1321003749386327552","orderLinkId":"bench-1"},\
    "retExtInfo":{},"time":1773386409389}
    """
  static let answer = Array(
    """
    HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nConnection: keep-alive\r\n\
    X-Bapi-Limit: 10\r\nX-Bapi-Limit-Status: 9\r\n\
    Content-Length: \(body.utf8.count)\r\n\r\n\(body)
    """.utf8)

  static func serve(_ socket: PlainSocket, tape: Tape) {
    var bytes: [UInt8] = []
    while true {
      while let end = end(of: bytes) {
        tape.note(Array(bytes[..<end]), answer, at: Stopwatch.wall)
        bytes.removeFirst(end)
        guard socket.send(answer) else { return }
      }
      guard socket.receive(into: &bytes) else { return }
    }
  }

  /// Where the first request ends; nil while it is not whole.
  static func end(of bytes: [UInt8]) -> Int? {
    guard let head = find("\r\n\r\n", in: bytes) else { return nil }
    let lines = String(decoding: bytes[..<head], as: UTF8.self).split(separator: "\r\n")
    let length = lines.lazy.compactMap { line -> Int? in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
      return Int(parts[1].drop { $0 == " " })
    }.first
    let end = head + 4 + (length ?? 0)
    return bytes.count >= end ? end : nil
  }

  /// Where `text` begins in `bytes`.
  static func find(_ text: String, in bytes: [UInt8], from start: Int = 0) -> Int? {
    let wanted = Array(text.utf8)
    guard bytes.count >= start + wanted.count else { return nil }
    return (start...(bytes.count - wanted.count)).first { place in
      bytes[place] == wanted[0] && bytes[place..<(place + wanted.count)].elementsEqual(wanted)
    }
  }
}
