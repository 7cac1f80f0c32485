/// Blots secrets out of texts that people will read: errors, log lines, transcripts.
public struct Redactor: Sendable {
  /// The longest first, so that a secret which contains another goes as a whole.
  private let secrets: [[UInt8]]
  private static let blot = Array("[secret]".utf8)

  public init(_ secrets: [Secret]) {
    self.secrets = secrets.map { Array($0.exposed().utf8) }.filter { !$0.isEmpty }
      .sorted { $0.count > $1.count }
  }

  /// The text with every secret replaced by `[secret]`, also where some or all of its characters are
  /// percent-encoded, as in URLs.
  public func redact(_ text: String) -> String {
    guard !secrets.isEmpty else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if let length = secretLength(in: bytes, at: index) {
        result += Self.blot
        index += length
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private func secretLength(in bytes: [UInt8], at start: Int) -> Int? {
    for secret in secrets {
      if let end = end(of: secret, in: bytes, at: start) { return end - start }
    }
    return nil
  }

  private func end(of secret: [UInt8], in bytes: [UInt8], at start: Int) -> Int? {
    var index = start
    for byte in secret {
      guard index < bytes.count else { return nil }
      if bytes[index] == byte {
        index += 1
      } else if PercentEncoding.byte(in: bytes, at: index) == byte {
        index += 3
      } else {
        return nil
      }
    }
    return index
  }
}
