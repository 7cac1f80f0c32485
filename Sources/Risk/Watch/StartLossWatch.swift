import TradingModel

/// Watches what was lost since the start: from a loss of `startLoss` on, where that is set, it is an
/// emergency. Money paid in or out since is no result.
///
/// The start is the one that a person made: stopping the bot ends what it counted. After a crash, or when
/// the guard brings the bot back, nobody has begun anew, and the base is that of the life before: else
/// a bot that dies again and again could lose everything in steps that are each too small.
public struct StartLossWatch: Sendable, Hashable {
  public struct Loss: Sendable, Hashable {
    /// Negative, in USDT and as a share of what there was.
    public let amount: Notional
    public let result: Ratio
  }

  /// No list of the venue tells what is older, so it need not be told apart.
  private static let remembered = Duration.hours(30 * 24)

  private let limit: Ratio?
  /// Nil before an equity is known. Whenever it changes it is to be remembered.
  public private(set) var base: StartBase?

  /// - Parameter restored: The base of the life before, unless that was stopped.
  public init(settings: RiskSettings, restored: StartBase? = nil) {
    limit = settings.startLoss
    base = settings.startLoss == nil ? nil : restored
  }

  /// Whether this equity would be an emergency.
  public func isFiring(at equity: Notional) -> Bool {
    guard let limit, let base else { return false }
    return (equity - base.equity).isAtMost(-limit, of: base.equity)
  }

  /// - Parameter equity: Nil is unknown, and never judged.
  /// - Returns: The loss, once; the next equity begins anew.
  public mutating func judge(equity: Notional?, at now: Timestamp) -> Loss? {
    guard limit != nil, let equity else { return nil }
    guard let base else {
      // Nothing can be measured against an empty account.
      if equity > .zero { self.base = StartBase(equity: equity, takenAt: now) }
      return nil
    }
    guard isFiring(at: equity) else { return nil }
    self.base = nil
    let amount = equity - base.equity
    do {
      return Loss(amount: amount, result: try amount.ratio(to: base.equity))
    } catch {
      return Loss(amount: amount, result: -.one)
    }
  }

  /// - Parameter list: Transfers as a ledger tells them: it may lack what an earlier one had, and tell
  ///   again what was counted.
  public mutating func take(_ list: [Transfer]) {
    guard var moved = base else { return }
    let known = Set(moved.transfers.map(\.id))
    let fresh = list.filter { $0.time >= moved.takenAt && !known.contains($0.id) }
    guard let newest = fresh.map(\.time).max() else { return }
    moved.equity = fresh.reduce(moved.equity) { $0 + $1.amount }
    moved.transfers = (moved.transfers + fresh).filter { newest - $0.time <= Self.remembered }
    base = moved
  }
}
