import Glibc

/// How the outside is reached: through a proxy or straight, and whose certificates count besides the
/// system's. Everything but loopback goes this way, HTTP and WebSocket alike.
public struct NetworkSettings: Sendable, Hashable {
  /// `http://host:port` (CONNECT) or `socks5://host:port`, with `name:password@` before the host if
  /// the proxy wants it; nil for none. Names are looked up by the proxy. A secret, because of the
  /// password.
  public var proxy: Secret?
  /// Hosts that are reached without it: `api.example.com` itself, `.example.com` and everything below
  /// it, an address, or `*` for all.
  public var noProxy: [String]
  /// A PEM file of certificate authorities that are trusted besides the system's.
  public var extraCAFile: String?

  public init(proxy: Secret? = nil, noProxy: [String] = [], extraCAFile: String? = nil) {
    self.proxy = proxy
    self.noProxy = noProxy
    self.extraCAFile = extraCAFile
  }

  /// These settings, the environment filling in what they leave open: `HTTPS_PROXY`, else
  /// `ALL_PROXY`, and `NO_PROXY`, each in capitals or small letters.
  public func filled(from environment: [String: String]) -> NetworkSettings {
    func value(_ names: String...) -> String? {
      names.lazy.flatMap { [$0, $0.lowercased()] }.compactMap { environment[$0] }
        .first { !$0.isEmpty }
    }
    var settings = self
    if proxy == nil {
      settings.proxy = value("HTTPS_PROXY", "ALL_PROXY").map(Secret.init)
    }
    if noProxy.isEmpty, let list = value("NO_PROXY") {
      settings.noProxy = list.split { $0 == "," || $0 == " " }.map(String.init)
    }
    return settings
  }

  /// Everything wrong with these settings; nothing of the proxy's password.
  public var problems: [String] {
    var problems: [String] = []
    if let proxy {
      do throws(ProxyAddress.Invalid) {
        _ = try ProxyAddress(proxy)
      } catch {
        problems.append("network.proxy: \(error.reason)")
      }
    }
    if let extraCAFile {
      if !Self.isReadable(extraCAFile) {
        problems.append("network.extra_ca_file: \(extraCAFile) cannot be read")
      } else if let reason = TrustedRoots.problem(with: extraCAFile) {
        problems.append("network.extra_ca_file: \(extraCAFile): \(reason)")
      }
    }
    return problems
  }

  private static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

  /// The proxy on the way to a URL; nil to go straight. One that cannot be read is an error, not a
  /// reason to go straight.
  func proxy(for url: RequestURL) throws(ProxyAddress.Invalid) -> ProxyAddress? {
    guard let proxy, !url.isLoopback, !noProxy.contains(where: { Self.covers($0, url.host) })
    else { return nil }
    return try ProxyAddress(proxy)
  }

  private static func covers(_ pattern: String, _ host: String) -> Bool {
    let (pattern, host) = (pattern.lowercased(), host.lowercased())
    guard pattern != "*" else { return true }
    let domain = pattern.hasPrefix(".") ? String(pattern.dropFirst()) : pattern
    guard !domain.isEmpty else { return false }
    return host == domain || host.hasSuffix("." + domain)
  }
}
