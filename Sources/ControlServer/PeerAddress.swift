import NIOCore

/// An address of a machine, so that two spellings of one are the same.
struct PeerAddress: Hashable {
  private let text: String

  /// Nil when the text is no address in numbers.
  init?(_ text: String) {
    do {
      self.init(try SocketAddress(ipAddress: text, port: 0))
    } catch {
      return nil
    }
  }

  /// Nil for a socket that has none.
  init?(_ address: SocketAddress?) {
    guard let written = address?.ipAddress?.lowercased() else { return nil }
    let mapped = "::ffff:"
    // An IPv4 caller on a socket that takes both.
    text =
      written.hasPrefix(mapped) && written.contains(".")
      ? String(written.dropFirst(mapped.count)) : written
  }

  var isLoopback: Bool { text.hasPrefix("127.") || text == "::1" }

  static func isLocalName(_ name: String) -> Bool { name.lowercased() == "localhost" }
}
