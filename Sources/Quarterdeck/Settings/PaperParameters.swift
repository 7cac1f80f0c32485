import Simulation
import TradingModel

/// The section `paper`: the account of `mode: paper`, what its venue charges, and the line to it.
struct PaperParameters: Sendable, Hashable {
  /// Where the account begins, in USDT.
  var balance: Notional = .usdt(1000)
  /// How the account stands at its beginning. The bot sets isolated margin before its first entry.
  var marginMode = MarginMode.isolated
  var positionMode = PaperPositionMode.oneWay
  /// What a market order pays beyond the last level that is seen, as a share of the price.
  var slippage: Ratio = .basisPoints(2)
  /// Nil is what the venue asks whose prices count.
  var makerFee: Ratio?
  var takerFee: Ratio?
  /// Of forced closes; nil is the taker's.
  var liquidationFee: Ratio?
  /// The share of a position's value that must be left where the venue's tiers are not known; nil
  /// goes by whether they will be.
  var maintenanceRate: Ratio?
  var conditions = PaperConditions.perfect

  /// Where tiers are never read: what the smaller coins ask, for a liquidation price that comes too
  /// early does less harm than one that comes too late.
  private static let strictMaintenanceRate = Ratio.basisPoints(250)

  /// How the venue behaves.
  ///
  /// - Parameters:
  ///   - prices: Whose prices fill its orders: its rules and fees hold, too.
  ///   - readsTiers: Its risk limits are read, so that the rate holds for moments only.
  func venueSettings(prices: Venue, readsTiers: Bool = true) -> PaperSettings {
    var venue = prices == .binance ? PaperSettings.binance : PaperSettings()
    venue.balance = balance
    venue.marginMode = marginMode
    venue.positionMode = positionMode
    venue.slippage = slippage
    venue.makerFee = makerFee ?? venue.makerFee
    venue.takerFee = takerFee ?? venue.takerFee
    venue.liquidationFee = liquidationFee
    venue.maintenanceMarginRate =
      maintenanceRate ?? (readsTiers ? venue.maintenanceMarginRate : Self.strictMaintenanceRate)
    return venue
  }
}

extension PaperParameters {
  /// As the file spells them.
  private enum ModeWord: String, CaseIterable {
    case oneWay = "one_way"
    case hedge

    var mode: PaperPositionMode { self == .hedge ? .hedge : .oneWay }
  }

  mutating func read(_ section: SettingsReader) {
    balance = section.amount(
      "balance_usdt", default: balance, in: .usdt(1) ... .usdt(100_000_000), unit: "USDT")
    marginMode = section.choice(
      "margin_mode", default: marginMode, except: [.portfolio],
      hint: "; the paper venue has no portfolio margin")
    positionMode = section.choice("position_mode", default: ModeWord.oneWay).mode
    slippage = section.percent("slippage_pct", default: slippage, in: .zero ... .percent(10))
    makerFee = section.given("maker_fee_pct", in: .percent(-1) ... .percent(1))
    takerFee = section.given("taker_fee_pct", in: .zero ... .percent(1))
    liquidationFee = section.given("liquidation_fee_pct", in: .zero ... .percent(10))
    maintenanceRate = section.given(
      "maintenance_margin_pct", in: .basisPoints(1) ... .percent(10))
    conditions.read(section)
    section.finish()
  }
}

extension PaperConditions {
  fileprivate mutating func read(_ section: SettingsReader) {
    latency = .milliseconds(section.integer("latency_ms", default: 0, in: 0...5000))
    jitter = .milliseconds(section.integer("jitter_ms", default: 0, in: 0...5000))
    failureShare = section.percent(
      "failure_pct", default: failureShare, in: .zero ... .percent(50))
    lostAnswerShare = section.percent(
      "lost_answer_pct", default: lostAnswerShare, in: .zero ... .percent(50))
  }
}

extension SettingsReader {
  /// A percentage without a default of its own: nil where nothing is said.
  fileprivate func given(_ key: String, in range: ClosedRange<Ratio>) -> Ratio? {
    guard has(key) else {
      // So that the key is known.
      _ = scalar(key)
      return nil
    }
    return percent(key, default: range.lowerBound, in: range)
  }
}
