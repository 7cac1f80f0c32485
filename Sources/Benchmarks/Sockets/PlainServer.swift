import Foundation

/// Listens on a free port of this machine. Every connection is served by a thread of its own, which
/// waits in `read` as a peer far away would.
final class PlainServer: Sendable {
  let port: Int
  private let listener: Int32

  /// - Parameter serve: Called with each connection, on its thread; it ends when it returns.
  init(serve: @escaping @Sendable (PlainSocket) -> Void) throws(SocketFailure) {
    // What a client left is found by `write` failing, not by a signal.
    signal(SIGPIPE, SIG_IGN)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard listener >= 0 else { throw SocketFailure("socket") }
    guard PlainSocket.withLoopback(port: 0, { bind(listener, $0, $1) }) == 0,
      listen(listener, 16) == 0
    else { throw SocketFailure("listen") }
    self.listener = listener
    port = try Self.port(of: listener)
    Thread.detachNewThread {
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        Thread.detachNewThread {
          let socket = PlainSocket(descriptor: descriptor)
          serve(socket)
          socket.end()
        }
      }
    }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  private static func port(of listener: Int32) throws(SocketFailure) -> Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(listener, $0, &size)
      }
    }
    guard result == 0 else { throw SocketFailure("getsockname") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
