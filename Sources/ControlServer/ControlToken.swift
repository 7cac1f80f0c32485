import COpenSSL

/// The secret that a caller must show. It is compared in constant time and never printed.
public struct ControlToken: Sendable, Hashable, CustomStringConvertible,
  CustomDebugStringConvertible,
  CustomReflectable
{
  private let bytes: [UInt8]

  public init(_ text: String) { bytes = Array(text.utf8) }

  public var length: Int { bytes.count }

  /// Whether that is it. How long the answer takes tells nothing of where two texts differ; that
  /// the lengths differ may be seen.
  public func admits(_ text: some StringProtocol) -> Bool {
    let shown = Array(text.utf8)
    guard shown.count == bytes.count else { return false }
    return CRYPTO_memcmp(shown, bytes, bytes.count) == 0
  }

  /// As a request shows it: for the wire only.
  public var authorization: String { "Bearer " + String(decoding: bytes, as: UTF8.self) }

  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: ["token": "•••"]) }
}
