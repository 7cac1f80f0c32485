import NIOCore

/// SOCKS 5: RFC 1928; name and password: RFC 1929.
struct SOCKS5Handshake: ProxyHandshake {
  private enum Step { case method, login, answer }

  private let proxy: ProxyAddress
  private let host: String
  private let port: Int
  private var step = Step.method

  init(_ proxy: ProxyAddress, to url: RequestURL) {
    self.proxy = proxy
    host = url.host
    port = url.port
  }

  /// Version 5; no authentication, and with a login also name and password.
  var greeting: ByteBuffer { ByteBuffer(bytes: proxy.login == nil ? [5, 1, 0] : [5, 2, 0, 2]) }

  mutating func take(_ bytes: inout ByteBuffer) throws(ProxyError) -> ProxyStep {
    switch step {
    case .method:
      guard let answer = bytes.readBytes(length: 2) else { return .needsMore }
      guard answer[0] == 5 else { throw problem("does not speak SOCKS 5") }
      switch (answer[1], proxy.login) {
      case (0, _):
        step = .answer
        return .send(try request())
      case (2, let login?):
        step = .login
        return .send(loginRequest(login))
      default:
        throw problem(
          proxy.login == nil ? "wants a name and a password" : "takes no name and password")
      }
    case .login:
      guard let answer = bytes.readBytes(length: 2) else { return .needsMore }
      guard answer[1] == 0 else { throw problem("does not take this name and password") }
      step = .answer
      return .send(try request())
    case .answer: return try takeAnswer(&bytes)
    }
  }

  private func loginRequest(_ login: ProxyAddress.Login) -> ByteBuffer {
    var bytes = ByteBuffer(bytes: [1])
    for part in [login.name, login.password] {
      let text = Array(part.exposed().utf8)
      bytes.writeInteger(UInt8(clamping: text.count))
      bytes.writeBytes(text)
    }
    return bytes
  }

  /// CONNECT to a name or an address.
  private func request() throws(ProxyError) -> ByteBuffer {
    var bytes = ByteBuffer(bytes: [5, 1, 0])
    switch try? SocketAddress(ipAddress: host, port: port) {
    case .v4(let address)?:
      bytes.writeInteger(UInt8(1))
      withUnsafeBytes(of: address.address.sin_addr) { _ = bytes.writeBytes($0) }
    case .v6(let address)?:
      bytes.writeInteger(UInt8(4))
      withUnsafeBytes(of: address.address.sin6_addr) { _ = bytes.writeBytes($0) }
    default:
      let name = Array(host.utf8)
      guard let length = UInt8(exactly: name.count) else {
        throw problem("takes no such long name")
      }
      bytes.writeBytes([3, length])
      bytes.writeBytes(name)
    }
    bytes.writeInteger(UInt16(clamping: port))
    return bytes
  }

  /// Version, reply, a zero, an address of some kind, a port.
  private func takeAnswer(_ bytes: inout ByteBuffer) throws(ProxyError) -> ProxyStep {
    let start = bytes.readerIndex
    guard bytes.readableBytes >= 5, let version: UInt8 = bytes.getInteger(at: start),
      let reply: UInt8 = bytes.getInteger(at: start + 1),
      let kind: UInt8 = bytes.getInteger(at: start + 3),
      let first: UInt8 = bytes.getInteger(at: start + 4)
    else { return .needsMore }
    guard version == 5 else { throw problem("does not speak SOCKS 5") }
    guard reply == 0 else { throw problem(Self.words(reply)) }
    let address: Int
    switch kind {
    case 1: address = 4
    case 3: address = 1 + Int(first)
    case 4: address = 16
    default: throw problem("answers with an address of kind \(kind)")
    }
    guard bytes.readableBytes >= 4 + address + 2 else { return .needsMore }
    bytes.moveReaderIndex(forwardBy: 4 + address + 2)
    return .open
  }

  private static func words(_ reply: UInt8) -> String {
    switch reply {
    case 2: "does not allow this connection"
    case 3: "cannot reach the network"
    case 4: "cannot reach the host"
    case 5: "says that the host refuses the connection"
    case 6: "gave up waiting for the host"
    case 7, 8: "does not support such a connection"
    default: "failed (\(reply))"
    }
  }

  private func problem(_ reason: String) -> ProxyError { ProxyError(proxy: proxy, reason: reason) }
}
