import NIOCore

/// HTTP CONNECT: RFC 9110, 9.3.6; Basic authentication: RFC 7617.
struct ConnectHandshake: ProxyHandshake {
  let greeting: ByteBuffer
  private let proxy: ProxyAddress

  init(_ proxy: ProxyAddress, to url: RequestURL) {
    self.proxy = proxy
    let host = url.host.contains(":") ? "[\(url.host)]" : url.host
    var text = "CONNECT \(host):\(url.port) HTTP/1.1\r\nHost: \(host):\(url.port)\r\n"
    if let login = proxy.login {
      let pair = "\(login.name.exposed()):\(login.password.exposed())"
      text += "Proxy-Authorization: Basic \(Base64.encode(Array(pair.utf8)))\r\n"
    }
    greeting = ByteBuffer(string: text + "\r\n")
  }

  mutating func take(_ bytes: inout ByteBuffer) throws(ProxyError) -> ProxyStep {
    let view = bytes.readableBytesView
    guard let end = view.firstRange(of: "\r\n\r\n".utf8) else { return .needsMore }
    let words = view.prefix { $0 != UInt8(ascii: "\r") }.split(separator: UInt8(ascii: " "))
    guard words.count > 1, words[0].starts(with: "HTTP/1.".utf8),
      let status = Int(String(decoding: words[1], as: UTF8.self))
    else { throw ProxyError(proxy: proxy, reason: "does not speak HTTP") }
    switch status {
    case 200..<300:
      bytes.moveReaderIndex(to: end.upperBound)
      return .open
    case 407:
      let reason =
        proxy.login == nil ? "wants a name and a password" : "does not take this name and password"
      throw ProxyError(proxy: proxy, reason: reason)
    default: throw ProxyError(proxy: proxy, reason: "refuses with HTTP \(status)")
    }
  }
}
