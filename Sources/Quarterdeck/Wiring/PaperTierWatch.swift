import Binance
import Bybit
import Logging
import Simulation
import TradingModel

/// Tells the paper account the venue's own risk limits, by which its positions are liquidated.
struct PaperTierWatch: Sendable {
  typealias Reading = @Sendable () async throws(VenueError) -> [Symbol: [PaperTier]]

  /// Venues change them every few weeks.
  static let interval = Duration.hours(12)
  static let firstRetry = Duration.seconds(2)
  static let longestRetry = Duration.minutes(5)

  let paper: PaperExchange
  let read: Reading
  let clock: any WallClock
  var log = Logger(label: "paper")

  /// Until cancelled.
  func run() async {
    var retry = Self.firstRetry
    while !Task.isCancelled {
      var pause = Self.interval
      do throws(VenueError) {
        let tiers = try await read()
        await paper.setTiers(tiers)
        log.info("the paper account knows the risk limits", metadata: ["symbols": "\(tiers.count)"])
        retry = Self.firstRetry
      } catch {
        log.warning(
          "can't read the risk limits for the paper account, trying again",
          metadata: ["error": "\(error)", "retry_in": "\(retry)"])
        pause = retry
        retry = min(retry * 2, Self.longestRetry)
      }
      do { try await clock.sleep(for: pause) } catch { return }
    }
  }
}

extension PaperTier {
  static func bybit(_ tiers: [RiskTier]) -> [Symbol: [PaperTier]] {
    Dictionary(grouping: tiers, by: \.symbol).mapValues { tiers in
      tiers.map {
        PaperTier(
          cap: $0.limit, maintenanceRate: $0.maintenanceMarginRate,
          deduction: $0.deduction ?? .zero, maxLeverage: $0.maxLeverage)
      }
    }
  }

  static func binance(_ symbols: [LeverageBrackets]) -> [Symbol: [PaperTier]] {
    let tiers = symbols.map { symbol in
      let tiers = symbol.brackets.map {
        PaperTier(
          cap: $0.cap, maintenanceRate: $0.maintenanceRate, deduction: $0.deduction,
          maxLeverage: $0.maxLeverage)
      }
      return (symbol.symbol, tiers)
    }
    return Dictionary(tiers, uniquingKeysWith: { _, last in last })
  }
}
