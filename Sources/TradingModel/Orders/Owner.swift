/// Who owns a symbol: an engine, or a person who opened by hand. One owner at a time.
public enum Owner: Sendable, Hashable, Codable {
  case engine(EngineName)
  /// Opened by hand, on the venue; engines leave it alone.
  case manual
  /// The bot's own closing and protecting orders.
  case risk

  /// What stands in client order ids.
  public var tag: String {
    switch self {
    case .engine(let name): name.tag
    case .manual: "man"
    case .risk: "risk"
    }
  }

  public init?(tag: String) {
    switch tag {
    case "man": self = .manual
    case "risk": self = .risk
    default:
      guard let name = EngineName.allCases.first(where: { $0.tag == tag }) else { return nil }
      self = .engine(name)
    }
  }

  /// As people read it: `liquidation`, `manual`.
  public var title: String {
    switch self {
    case .engine(let name): name.rawValue
    case .manual: "manual"
    case .risk: "risk"
    }
  }
}

/// The trading systems.
public enum EngineName: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  case liquidation, momentum, density, confluence, hunt

  var tag: String {
    switch self {
    case .liquidation: "liq"
    case .momentum: "mom"
    case .density: "den"
    case .confluence: "con"
    case .hunt: "hunt"
    }
  }

  public static func < (left: EngineName, right: EngineName) -> Bool {
    left.rawValue < right.rawValue
  }
}
