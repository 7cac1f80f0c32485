import Foundation

/// A TCP connection without anything around it: blocking reads and writes, nothing held back to be
/// sent together.
struct PlainSocket: Sendable {
  let descriptor: Int32

  init(descriptor: Int32) {
    self.descriptor = descriptor
    var on: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// To this machine.
  init(port: Int) throws(SocketFailure) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw SocketFailure("socket") }
    let result = Self.withLoopback(port: port) { connect(descriptor, $0, $1) }
    guard result == 0 else {
      close(descriptor)
      throw SocketFailure("connect")
    }
    self.init(descriptor: descriptor)
  }

  /// Calls `body` with the address of a port of this machine.
  static func withLoopback(
    port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// Waits for bytes and appends them.
  /// - Returns: False when the other side is gone.
  func receive(into bytes: inout [UInt8]) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { room in
      let count = read(descriptor, room.baseAddress, room.count)
      guard count > 0 else { return false }
      bytes += room[..<count]
      return true
    }
  }

  /// - Returns: False when the other side is gone.
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent)
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  func end() { close(descriptor) }
}

/// A call to the system that failed.
struct SocketFailure: Error, CustomStringConvertible {
  let description: String

  init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
}
