import TradingModel

/// Watches what was lost since the start: from a loss of `startLoss` on, where that is set, it is an
/// emergency. Money paid in or out since is no result.
public struct StartLossWatch: Sendable, Hashable {
  public struct Loss: Sendable, Hashable {
    /// Negative, in USDT and as a share of what there was.
    public let amount: Notional
    public let result: Ratio
  }

  private let limit: Ratio?
  /// The equity at the start, moved by transfers; nil before it is known.
  private var base: Notional?
  private var takenAt: Timestamp?
  /// Of the last list of transfers: those that moved the base.
  private var counted: Set<String> = []

  public init(settings: RiskSettings) { limit = settings.startLoss }

  /// Whether this equity would be an emergency.
  public func isFiring(at equity: Notional) -> Bool {
    guard let limit, let base else { return false }
    return (equity - base).isAtMost(-limit, of: base)
  }

  /// - Parameter equity: Nil is unknown, and never judged.
  /// - Returns: The loss, once; the next equity begins anew.
  public mutating func judge(equity: Notional?, at now: Timestamp) -> Loss? {
    guard limit != nil, let equity else { return nil }
    guard let base else {
      // Nothing can be measured against an empty account.
      guard equity > .zero else { return nil }
      self.base = equity
      takenAt = now
      return nil
    }
    guard isFiring(at: equity) else { return nil }
    self.base = nil
    do {
      return Loss(amount: equity - base, result: try (equity - base).ratio(to: base))
    } catch {
      return Loss(amount: equity - base, result: -.one)
    }
  }

  /// - Parameter transfers: Every transfer since some time before the last of those counted.
  public mutating func take(_ transfers: [Transfer]) {
    guard let base, let takenAt else { return }
    let since = transfers.filter { $0.time >= takenAt }
    self.base = since.filter { !counted.contains($0.id) }.reduce(base) { $0 + $1.amount }
    counted = Set(since.map(\.id))
  }
}
