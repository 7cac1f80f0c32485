/// Where a fact or an order comes from or goes to.
public enum Venue: String, Sendable, Hashable, Codable, CaseIterable {
  case bybit, binance, paper

  /// As people write it.
  public var title: String {
    switch self {
    case .bybit: "Bybit"
    case .binance: "Binance"
    case .paper: "Paper"
    }
  }
}

/// Which of a venue's worlds is meant. It stands on the first line of `/status`.
public enum VenueEnvironment: String, Sendable, Hashable, Codable, CaseIterable {
  case mainnet, testnet, demo, loopback
}
