/// Where a proxy listens, what it speaks, and who we are to it. It prints without name and password.
struct ProxyAddress: Sendable, Hashable {
  enum Kind: String, Sendable, Hashable {
    /// HTTP with CONNECT (RFC 9110, 9.3.6).
    case http
    /// SOCKS 5 (RFC 1928), names looked up by the proxy.
    case socks5
  }

  struct Login: Sendable, Hashable {
    var name: Secret
    var password: Secret
  }

  /// What is wrong with a text, and nothing of it.
  struct Invalid: Error, Hashable, CustomStringConvertible {
    let reason: String
    var description: String { "the proxy's address: \(reason)" }
  }

  let kind: Kind
  let host: String
  let port: Int
  let login: Login?

  init(_ secret: Secret) throws(Invalid) {
    let text = secret.exposed()
    guard let mark = text.firstRange(of: "://") else {
      throw Invalid(reason: "must begin with http:// or socks5://")
    }
    switch text[..<mark.lowerBound].lowercased() {
    case "http": kind = .http
    case "socks5", "socks5h": kind = .socks5
    case "https": throw Invalid(reason: "a proxy behind TLS is not supported: http:// or socks5://")
    default: throw Invalid(reason: "must begin with http:// or socks5://")
    }
    let rest = text[mark.upperBound...].prefix { $0 != "/" }
    let at = rest.lastIndex(of: "@")
    login = try at.map { at throws(Invalid) in try Self.login(rest[..<at]) }
    let authority = at.map { rest[rest.index(after: $0)...] } ?? rest
    // The rules of an address are the URL's own.
    do throws(InvalidURL) {
      let hasPort = authority.drop { authority.hasPrefix("[") && $0 != "]" }.contains(":")
      let url = try RequestURL("http://\(authority)")
      host = url.host
      port = hasPort ? url.port : kind == .http ? 8080 : 1080
    } catch {
      throw Invalid(reason: "the address of the proxy: \(error.reason)")
    }
  }

  private static func login(_ text: Substring) throws(Invalid) -> Login {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first.flatMap({ PercentEncoding.decode($0) }),
      let password = parts.count > 1 ? PercentEncoding.decode(parts[1]) : "",
      (1...255).contains(name.utf8.count), password.utf8.count <= 255
    else {
      throw Invalid(reason: "the proxy's name and password must be name:password@, percent-encoded")
    }
    return Login(name: Secret(name), password: Secret(password))
  }

  /// Host and port, as they stand in a URL.
  var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension ProxyAddress: CustomStringConvertible {
  var description: String { "\(kind.rawValue)://\(authority)" }
}

/// Why a proxy does not let us through.
struct ProxyError: Error, Hashable, CustomStringConvertible {
  let proxy: ProxyAddress
  let reason: String
  var description: String { "the proxy \(proxy) \(reason)" }
}
