import COpenSSL
import Foundation

/// One side of a WebSocket connection (RFC 6455) that behaves like Bybit's for orders: takes the
/// login and accepts every order. It looks at nothing but the frame's borders and the request's number.
enum WebSocketTalk {
  static func serve(_ socket: PlainSocket, tape: Tape) {
    var bytes: [UInt8] = []
    guard open(socket, &bytes) else { return }
    while true {
      while let frame = Frame(bytes) {
        let arrival = Stopwatch.wall
        let sent = Array(bytes[..<frame.end])
        bytes.removeFirst(frame.end)
        guard frame.opcode == 1 else { continue }
        let answer = self.frame(self.answer(to: frame.payload))
        tape.note(sent, answer, at: arrival)
        guard socket.send(answer) else { return }
      }
      guard socket.receive(into: &bytes) else { return }
    }
  }

  // MARK: Opening

  /// What a client says first, with the standard's own key.
  static let opening = Array(
    """
    GET /v5/trade HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
    """.utf8)

  private static func open(_ socket: PlainSocket, _ bytes: inout [UInt8]) -> Bool {
    while true {
      if let end = HTTPTalk.end(of: bytes) {
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        bytes.removeFirst(end)
        let key = head.split(separator: "\r\n").first {
          $0.lowercased().hasPrefix("sec-websocket-key:")
        }?.split(separator: " ").last
        guard let key else { return false }
        return socket.send(
          Array(
            """
            HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Accept: \(accepting(String(key)))\r\n\r\n
            """.utf8))
      }
      guard socket.receive(into: &bytes) else { return false }
    }
  }

  private static func accepting(_ key: String) -> String {
    let text = Array("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    EVP_Digest(text, text.count, &digest, nil, EVP_sha1(), nil)
    return Data(digest).base64EncodedString()
  }

  // MARK: Frames

  private struct Frame {
    let opcode: UInt8
    let payload: [UInt8]
    let end: Int

    /// The first frame; nil while it is not whole. Up to 65,535 bytes, masked.
    init?(_ bytes: [UInt8]) {
      guard bytes.count >= 2 else { return nil }
      opcode = bytes[0] & 15
      var length = Int(bytes[1] & 127)
      var start = 2
      if length == 126 {
        guard bytes.count >= 4 else { return nil }
        length = Int(bytes[2]) << 8 | Int(bytes[3])
        start = 4
      }
      end = start + 4 + length
      guard bytes.count >= end else { return nil }
      let mask = bytes[start..<(start + 4)]
      payload = bytes[(start + 4)..<end].enumerated().map {
        $0.element ^ mask[mask.startIndex + $0.offset % 4]
      }
    }
  }

  private static func frame(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let size: [UInt8] =
      bytes.count < 126
      ? [UInt8(bytes.count)]
      : [126, UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)]
    return [0x81] + size + bytes
  }

  // MARK: Answers

  private static func answer(to request: [UInt8]) -> String {
    guard HTTPTalk.find(#""op":"order"#, in: request) != nil else {
      return #"{"retCode":0,"retMsg":"OK","op":"auth","connId":"bench"}"#
    }
    return """
      {"reqId":"\(number(in: request))","retCode":0,"retMsg":"OK","op":"order.create",\
      "data":{"orderId":"1321003749386327552","orderLinkId":"bench-1"},"retExtInfo":{},\
      "header":{"X-Bapi-Limit":"10","X-Bapi-Limit-Status":"9",\
      "X-Bapi-Limit-Reset-Timestamp":"1773386409389","Traceid":"bench","Timenow":"1773386409389"},\
      "connId":"bench"}
      """
  }

  private static func number(in request: [UInt8]) -> String {
    let key = #""reqId":""#
    guard let start = HTTPTalk.find(key, in: request) else { return "" }
    let rest = request[(start + key.utf8.count)...]
    return String(decoding: rest.prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
  }
}
