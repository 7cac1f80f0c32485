import TradingModel

/// Where the control server listens, and who may speak to it.
public struct ControlSettings: Sendable, Hashable {
  public static let defaultPort = 8787
  public static let loopback = ["127.0.0.1", "::1"]
  /// A shorter token could be guessed.
  public static let shortestToken = 16

  public var isOn = true
  /// An address of this machine, or `localhost`.
  public var host = "127.0.0.1"
  public var port = ControlSettings.defaultPort
  /// Nil asks for none: whoever may connect may press the button.
  public var token: ControlToken?
  /// Addresses that may connect; all others are hung up on before they have said a word.
  public var allowlist = ControlSettings.loopback
  /// How long `POST /panic` waits for the end: longer than a flatten may take.
  public var panicPatience = Duration.seconds(150)

  public init() {}

  /// Everything wrong with these settings: the key, and what would be right.
  ///
  /// - Parameter isTokenKnown: Whether `token` is the last word: it may still come from the
  ///   environment.
  public func problems(isTokenKnown: Bool = true) -> [(key: String, text: String)] {
    var problems: [(key: String, text: String)] = []
    if !PeerAddress.isLocalName(host), PeerAddress(host) == nil {
      problems.append(("host", "must be an address such as 127.0.0.1, is '\(host)'"))
    }
    for text in allowlist where PeerAddress(text) == nil {
      problems.append(("allowlist", "must hold addresses such as 127.0.0.1, '\(text)' is none"))
    }
    if let token, token.length < Self.shortestToken {
      problems.append(
        ("token", "must have at least \(Self.shortestToken) characters, has \(token.length)"))
    }
    if isTokenKnown, token == nil, let open = outsideAddress {
      problems.append(
        (
          open.key,
          "\(open.address) is not this machine alone: set PANIC_TOKEN in the environment or in "
            + ".env, or keep to 127.0.0.1 and ::1"
        ))
    }
    return problems
  }

  /// What lets another machine in.
  private var outsideAddress: (key: String, address: String)? {
    if !PeerAddress.isLocalName(host), let address = PeerAddress(host), !address.isLoopback {
      return ("host", host)
    }
    let other = allowlist.first { PeerAddress($0).map { !$0.isLoopback } ?? false }
    return other.map { ("allowlist", $0) }
  }
}
