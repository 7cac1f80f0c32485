import Simulation
import TradingModel

/// What the loopback world is like.
public struct LoopbackOptions: Sendable {
  /// Makes the market; the same seed makes the same one.
  public var seed: UInt64
  /// Market seconds per second, above zero.
  public var speed: Ratio
  /// The first of six ports, in the order telegram, Bybit REST, Bybit streams, Binance REST, Binance
  /// streams, control; nil lets the system choose.
  public var portBase: Int?
  /// Stands in for the seeded market: a `RecordedMarket`, for one.
  public var market: (any MarketSource)?
  public var paper: PaperSettings
  public var telegram: TelegramSettings
  public var bybit: BybitSettings
  public var binance: BinanceSettings

  public init(
    seed: UInt64 = 1, speed: Ratio = .one, portBase: Int? = nil,
    market: (any MarketSource)? = nil, paper: PaperSettings = PaperSettings(),
    telegram: TelegramSettings = TelegramSettings(), bybit: BybitSettings = BybitSettings(),
    binance: BinanceSettings = BinanceSettings()
  ) {
    self.seed = seed
    self.speed = speed
    self.portBase = portBase
    self.market = market
    self.paper = paper
    self.telegram = telegram
    self.bybit = bybit
    self.binance = binance
  }

  /// Everything wrong with these options.
  public var problems: [String] {
    var problems = paper.problems + binance.paper.problems.map { "binance \($0)" }
    if speed <= .zero { problems.append("speed: must be above 0, is \(speed)") }
    if let portBase, !(1...65_530).contains(portBase) {
      problems.append("ports: must lie between 1 and 65530, is \(portBase)")
    }
    return problems
  }
}

/// Why the loopback world could not be built.
public enum LoopbackError: Error, Hashable, Sendable, CustomStringConvertible {
  case badOptions([String])
  /// The port of that server can't be had.
  case portUnavailable(service: String, port: Int, reason: String)

  public var description: String {
    switch self {
    case .badOptions(let problems): problems.joined(separator: "; ")
    case .portUnavailable(let service, let port, let reason):
      "no port \(port) for the loopback \(service): \(reason)"
    }
  }
}
