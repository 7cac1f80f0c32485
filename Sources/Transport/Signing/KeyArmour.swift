/// Takes the DER bytes of a key out of what people paste: a PEM block, or its base64 alone.
///
/// Source: RFC 7468.
enum KeyArmour {
  /// Blocks that are known and not taken; any other name is not repeated in an error.
  private static let knownBlocks = [
    "PRIVATE KEY", "RSA PRIVATE KEY", "PUBLIC KEY", "RSA PUBLIC KEY", "EC PRIVATE KEY",
    "OPENSSH PRIVATE KEY", "CERTIFICATE", "CERTIFICATE REQUEST",
  ]

  /// - Parameter blocks: The names of PEM blocks that are taken.
  static func bytes(of text: String, blocks: [String]) throws(SigningKeyError) -> [UInt8] {
    let text = withLineEnds(text)
    var lines = text.split(whereSeparator: \.isNewline).map(trimmed).filter { !$0.isEmpty }
    guard let first = lines.first else { throw .empty }
    if first.hasPrefix("-----BEGIN ") {
      let name = first.dropFirst("-----BEGIN ".count).prefix { $0 != "-" }
      if name == "ENCRYPTED PRIVATE KEY" || lines.contains(where: { $0.contains("ENCRYPTED") }) {
        throw .encrypted
      }
      guard blocks.contains(String(name)) else {
        throw .wrongBlock(knownBlocks.first { $0 == name } ?? "unknown")
      }
      guard first == "-----BEGIN \(name)-----", lines.last == "-----END \(name)-----",
        lines.count > 2
      else { throw .notBase64 }
      lines = Array(lines.dropFirst().dropLast())
    }
    guard let bytes = Base64.decode(lines.flatMap { Array($0.utf8) }) else { throw .notBase64 }
    return bytes
  }

  /// The text with `\n` written out, as environment files have it, made into line ends.
  private static func withLineEnds(_ text: String) -> String {
    text.split(separator: #"\n"#, omittingEmptySubsequences: true).joined(separator: "\n")
  }

  private static func trimmed(_ line: Substring) -> Substring {
    var line = line
    while line.first?.isWhitespace == true { line.removeFirst() }
    while line.last?.isWhitespace == true { line.removeLast() }
    return line
  }
}
