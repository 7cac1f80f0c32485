import TradingModel

/// How the paper venue behaves. The defaults are Bybit's for a new account.
public struct PaperSettings: Sendable, Hashable {
  /// What is in the wallet at the start, in USDT.
  public var balance: Notional
  /// Fee on the value of fills that rested in the book.
  public var makerFee: Ratio
  /// Fee on the value of fills that took liquidity.
  public var takerFee: Ratio
  /// Fee on the value of forced closes; nil is the taker's.
  public var liquidationFee: Ratio?
  /// Share of a position's value that must be left, where no tiers were told for its symbol.
  public var maintenanceMarginRate: Ratio
  public var rules: PaperRules
  public var marginMode: MarginMode
  public var positionMode: PaperPositionMode
  /// For symbols whose leverage was never set.
  public var leverage: Ratio
  /// How much worse than the last trade a market order fills where no bid and ask are known.
  public var slippage: Ratio
  /// A market order takes what the visible book shows and no more: its rest is cancelled, as venues do
  /// beyond their price limit. Without it the rest fills behind the last level.
  public var marketStopsAtBook: Bool
  /// Stands in order and execution ids, so that two runs of one account never share an id.
  public var series: UInt64
  /// Ended orders, executions and unread events that are kept, each.
  public var historyLimit: Int

  public init(
    balance: Notional = .usdt(10_000), makerFee: Ratio = .basisPoints(2),
    takerFee: Ratio = Ratio(uncheckedCount: 55_000),
    maintenanceMarginRate: Ratio = .basisPoints(50), marginMode: MarginMode = .isolated,
    positionMode: PaperPositionMode = .oneWay, leverage: Ratio = .times(10),
    slippage: Ratio = .basisPoints(2), series: UInt64 = 0, historyLimit: Int = 10_000,
    rules: PaperRules = .bybit, liquidationFee: Ratio? = nil, marketStopsAtBook: Bool = false
  ) {
    self.balance = balance
    self.makerFee = makerFee
    self.takerFee = takerFee
    self.maintenanceMarginRate = maintenanceMarginRate
    self.rules = rules
    self.liquidationFee = liquidationFee
    self.marginMode = marginMode
    self.positionMode = positionMode
    self.leverage = leverage
    self.slippage = slippage
    self.series = series
    self.historyLimit = historyLimit
    self.marketStopsAtBook = marketStopsAtBook
  }

  /// Everything wrong with these settings.
  public var problems: [String] {
    var problems: [String] = []
    if balance < .zero { problems.append("balance: must not be negative, is \(balance)") }
    let rates = [
      ("maker_fee", makerFee), ("taker_fee", takerFee),
      ("maintenance_margin_rate", maintenanceMarginRate), ("slippage", slippage),
      ("liquidation_fee", liquidationFee ?? takerFee),
    ]
    for (name, rate) in rates where rate.magnitude > .percent(10) {
      problems.append("\(name): must lie within 10%, is \(rate.percentDescription)%")
    }
    if takerFee < .zero || liquidationFee ?? .zero < .zero {
      problems.append("taker_fee, liquidation_fee: must not be negative")
    }
    if maintenanceMarginRate < .zero || slippage < .zero {
      problems.append("maintenance_margin_rate, slippage: must not be negative")
    }
    if leverage < .one { problems.append("leverage: must be at least 1, is \(leverage)") }
    if historyLimit < 100 { problems.append("history_limit: must be at least 100") }
    return problems
  }
}

extension PaperSettings {
  /// A new account on Binance: cross margin at 20x, 0.02 % and 0.05 %.
  public static let binance = PaperSettings(
    makerFee: .basisPoints(2), takerFee: .basisPoints(5),
    maintenanceMarginRate: .basisPoints(40), marginMode: .cross, leverage: .times(20),
    rules: .binance)
}

/// Whether a symbol has one position, or one for each side.
public enum PaperPositionMode: String, Sendable, Hashable, Codable {
  case oneWay, hedge

  /// The slots that orders may name.
  public var slots: [PositionSlot] {
    switch self {
    case .oneWay: [.oneWay]
    case .hedge: [.hedgeLong, .hedgeShort]
    }
  }
}
