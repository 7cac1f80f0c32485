import NIOCore
import NIOHTTP1

/// Writes head and body as one piece: one TLS record, one packet for an order.
final class WholeRequestEncoder: ChannelOutboundHandler {
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = ByteBuffer

  private let userAgent: String
  private var gathered: ByteBuffer?

  init(userAgent: String) { self.userAgent = userAgent }

  func write(
    context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
  ) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      var bytes = context.channel.allocator.buffer(capacity: 1024)
      bytes.writeString("\(head.method.rawValue) \(head.uri) HTTP/1.1\r\n")
      for (name, value) in head.headers { bytes.writeString("\(name): \(value)\r\n") }
      if !head.headers.contains(name: "User-Agent") {
        bytes.writeString("User-Agent: \(userAgent)\r\n")
      }
      bytes.writeString("\r\n")
      gathered = bytes
    case .body(.byteBuffer(var body)): gathered?.writeBuffer(&body)
    case .body(.fileRegion): preconditionFailure("no request is sent from a file")
    case .end:
      guard let bytes = gathered else { return }
      gathered = nil
      context.write(wrapOutboundOut(bytes), promise: promise)
    }
  }
}

extension HTTPRequest {
  /// The head as it goes out: the host first, and the length of the body where one is expected.
  var head: HTTPRequestHead {
    var fields = HTTPHeaders([("Host", url.authority)])
    for field in headers.fields { fields.add(name: field.name, value: field.value) }
    fields.remove(name: "Content-Length")
    if body != nil || method == .post || method == .put {
      fields.add(name: "Content-Length", value: "\(body?.count ?? 0)")
    }
    return HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: method.rawValue), uri: url.target,
      headers: fields)
  }
}
