/// An absolute URL that can be printed: what is shown of it holds no query and no secret, by
/// construction, so that an error or a log line may name it.
public struct RequestURL: Sendable, Hashable {
  public enum Scheme: String, Sendable, Hashable {
    case http, https, ws, wss

    public var isSecure: Bool { self == .https || self == .wss }
    var defaultPort: Int { isSecure ? 443 : 80 }
  }

  public let scheme: Scheme
  /// Without the brackets of an IPv6 address.
  public let host: String
  public let port: Int
  /// What was put into the path and may not be shown.
  private(set) var secrets: [Secret] = []
  private var path: String
  private var query: String?
  private var shownPath: String

  /// Reads a base address: scheme, host, and port and path if need be. A path given here is not
  /// shown.
  /// - Throws: `InvalidURL`, with what is wrong and nothing of the text.
  public init(_ text: String) throws(InvalidURL) {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !text.utf8.contains(0x23) else {
      throw InvalidURL("a blank, a fragment or a character that must be percent-encoded")
    }
    guard let colon = text.firstIndex(of: ":"),
      let scheme = Scheme(rawValue: text[..<colon].lowercased()),
      text[colon...].hasPrefix("://")
    else { throw InvalidURL("it must begin with http://, https://, ws:// or wss://") }
    let rest = text[colon...].dropFirst(3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let tail = rest[authority.endIndex...]
    self.scheme = scheme
    (host, port) = try Self.hostAndPort(authority, scheme)
    let mark = tail.firstIndex(of: "?")
    path = String(tail[..<(mark ?? tail.endIndex)])
    while path.hasSuffix("/") { path.removeLast() }
    query = mark.map { String(tail[$0...].dropFirst()) }
    shownPath = path.isEmpty ? "" : "/…"
  }

  private static func hostAndPort(
    _ authority: Substring, _ scheme: Scheme
  ) throws(InvalidURL) -> (String, Int) {
    guard !authority.contains("@") else { throw InvalidURL("a user name is not taken") }
    var host = authority
    var digits: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { throw InvalidURL("a [ without its ]") }
      host = authority[..<end].dropFirst()
      let after = authority[end...].dropFirst()
      guard after.isEmpty || after.hasPrefix(":") else { throw InvalidURL("text after the host") }
      digits = after.isEmpty ? nil : after.dropFirst()
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      digits = authority[colon...].dropFirst()
    }
    guard !host.isEmpty else { throw InvalidURL("the host is missing") }
    guard let digits else { return (String(host), scheme.defaultPort) }
    guard let port = Int(digits), (1...65_535).contains(port) else {
      throw InvalidURL("the port must be 1 to 65535")
    }
    return (String(host), port)
  }

  /// This URL with more path, which is shown: `/v5/order/create`.
  public func appending(path more: String) -> RequestURL {
    var url = self
    let encoded = PercentEncoding.encode(more, where: Self.isPathCharacter)
    url.path += encoded
    url.shownPath += encoded
    return url
  }

  /// This URL with one more path segment: `prefix`, then the secret, which is not shown.
  public func appending(prefix: String = "", secret: Secret) -> RequestURL {
    var url = self
    let start = "/" + PercentEncoding.encode(prefix)
    let segment = PercentEncoding.encode(secret.exposed()) {
      PercentEncoding.isUnreserved($0) || $0 == UInt8(ascii: ":")
    }
    url.path += start + segment
    url.shownPath += "\(start)\(secret)"
    url.secrets.append(secret)
    return url
  }

  /// This URL with that query, byte for byte as it was signed (see `PercentEncoding.form`). It is
  /// not shown.
  public func with(query: String) -> RequestURL {
    var url = self
    url.query =
      query.isEmpty
      ? nil : PercentEncoding.encode(query) { (0x21...0x7E).contains($0) && $0 != 0x23 }
    return url
  }

  /// Path and query as they stand in a request.
  var target: String { (path.isEmpty ? "/" : path) + (query.map { "?\($0)" } ?? "") }

  /// The whole URL, secrets and all: for the wire only.
  var text: String { "\(scheme.rawValue)://\(authority)\(target)" }

  /// Host, and port where it is not the scheme's own: as a `Host` header has it.
  public var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == scheme.defaultPort ? name : "\(name):\(port)"
  }

  /// Whether the host is this machine, which is never reached through a proxy.
  public var isLoopback: Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.")
  }

  private static func isPathCharacter(_ byte: UInt8) -> Bool {
    PercentEncoding.isUnreserved(byte) || "/%:@!$&'()*+,;=".utf8.contains(byte)
  }
}

extension RequestURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "\(scheme.rawValue)://\(authority)\(shownPath)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}

/// Why a text is no URL that we take.
public struct InvalidURL: Error, Hashable, Sendable, CustomStringConvertible {
  public let reason: String
  init(_ reason: String) { self.reason = reason }
  public var description: String { "not a URL: \(reason)" }
}
