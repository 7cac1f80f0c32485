import Risk
import Strategies
import TradingModel

/// Everything the deciding value is told before it starts.
public struct EngineSettings: Sendable, Hashable {
  /// The program's version, for the start report.
  public var version = "0"
  /// The venue that orders go to.
  public var venue: Venue
  /// The venue whose prices count for what we hold: another one than `venue` only on paper.
  public var priceVenue: Venue
  /// The venue whose liquidations and prices are listened to.
  public var signalVenue: Venue
  public var environment: VenueEnvironment
  /// Real money.
  public var isLive: Bool
  public var risk: RiskSettings
  /// Nil switches the liquidation engine off.
  public var liquidation: LiquidationSettings?
  /// Positions opened by hand get a stop, too.
  public var protectManual = false
  /// The least size of an entry in base units, where it is to be more than the venue's own minimum.
  public var minimumSizes: [Symbol: Quantity] = [:]
  /// The distance of a stop for a position that brought none, as a share of its entry price.
  public var fallbackStop: Ratio = .percent(3)
  /// Never touched by anything here.
  public var longterm: Set<Symbol> = []
  /// The allowlist of a first start; afterwards the journal's counts.
  public var allowlist: [Symbol] = []
  /// The guard stands in for the main process: it answers, protects and closes, and enters nothing.
  /// What is open keeps the exits of the engine that opened it.
  public var isStandIn = false
  public var timings = EngineTimings()

  public init(
    venue: Venue, signalVenue: Venue, environment: VenueEnvironment, isLive: Bool,
    risk: RiskSettings = RiskSettings(),
    liquidation: LiquidationSettings? = LiquidationSettings()
  ) {
    self.venue = venue
    priceVenue = venue == .paper ? signalVenue : venue
    self.signalVenue = signalVenue
    self.environment = environment
    self.isLive = isLive
    self.risk = risk
    self.liquidation = liquidation
  }

  /// Everything wrong with these settings, so that the operator mends the file once.
  public var problems: [String] {
    var problems = risk.problems
    problems += (liquidation?.problems ?? []).map { "liquidation.\($0)" }
    if fallbackStop <= .zero || fallbackStop >= .one {
      problems.append(
        "fallback_stop_pct: must be between 0 and 100, is \(fallbackStop.percentDescription)")
    }
    let both = longterm.intersection(allowlist).sorted()
    if !both.isEmpty {
      let names = both.map(\.name).joined(separator: ", ")
      problems.append("longterm: also on the allowlist: \(names)")
    }
    return problems + timings.problems
  }

  /// The connections under that name: one for each venue where several are listened to.
  /// - Parameter venue: Whose it is; nil is all of them.
  func links(_ name: LinkName, of venue: Venue? = nil) -> [Link] {
    let feeds = liquidation?.source.venues ?? []
    guard name == .liquidations, feeds.count > 1 else { return [Link(name)] }
    return (venue.map { [$0] } ?? feeds).map { Link(name, of: $0) }
  }

  /// The connections that an engine lives on, and the account's.
  func links(of engine: EngineName) -> [Link] {
    Set(([.account] + StrategyCatalog.links(of: engine)).flatMap { links($0) }).sorted()
  }

  /// The modules that are part of this run.
  var modules: [EngineName] { liquidation == nil || isStandIn ? [] : [.liquidation] }
}
