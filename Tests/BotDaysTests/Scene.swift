import EngineCore
import Simulation
import TestSupport
import Testing
import TradingModel

@testable import BotDays

extension DayPlan {
  /// Begins a quarter of an hour before 16:00 UTC, with positions large enough for a payment to be seen.
  mutating func heldOverFunding() {
    start = UTCDay(year: 2026, month: 11, day: 20).start + .hours(15) + .minutes(45)
    engine.liquidation?.defaults.orderSize = .percent(10)
  }
}

/// A calm day on which nothing happens but what a test plays, with the bot trading BTC, ETH and XRP.
struct Scene {
  let day: BotDay

  init(_ change: (inout DayPlan) -> Void = { _ in }, flaws: Flaws = Flaws()) {
    var plan = DayPlan.calm()
    plan.symbols = SyntheticSymbol.defaults.filter {
      ["BTCUSDT", "ETHUSDT", "XRPUSDT", "1000PEPEUSDT"].contains($0.instrument.symbol.name)
    }
    plan.engine.allowlist = ["BTCUSDT", "ETHUSDT", "XRPUSDT"]
    change(&plan)
    day = BotDay(plan, flaws: flaws)
    day.pass(.seconds(20))
  }

  var venue: SimulatedVenue { day.venue }
  var positions: [Position] { venue.positions }

  func position(_ symbol: Symbol) -> Position? { positions.first { $0.symbol == symbol } }

  /// The market falls by 2 %, longs are liquidated, and the bot buys.
  @discardableResult
  func buys(_ symbol: Symbol, within limit: Duration = .seconds(20)) -> Position? {
    venue.jump(symbol, by: .percent(-2))
    day.pass(.seconds(5))
    longsAreLiquidated(symbol)
    day.pass(limit)
    return position(symbol)
  }

  /// - Parameter count: How many times, a millisecond apart.
  func longsAreLiquidated(_ symbol: Symbol, count: Int = 1) {
    guard let price = venue.price(of: symbol),
      let quantity = try? Notional.usdt(100_000).quantity(at: price)
    else { return }
    for number in 0..<count {
      venue.take(
        .liquidation(
          Liquidation(
            venue: .bybit, symbol: symbol, closed: .long, price: price, averagePrice: price,
            quantity: quantity, time: venue.now + .milliseconds(number))))
    }
  }

  /// A person writes, and taps a button of the answer.
  func say(_ text: String, tap label: String? = nil, waiting: Duration = .seconds(15)) {
    day.phone.say(text)
    guard let label else { return day.pass(waiting) }
    day.pass(.seconds(4))
    let offer = day.phone.newestOffer(in: SimulatedPhone.ana.chat)
    let button = offer?.reply.buttons.joined().first { $0.label.hasPrefix(label) }
    guard let offer, let button else {
      Issue.record("no [\(label)…] under the answer to \(text)")
      return
    }
    day.phone.tap(button, on: offer.message)
    day.pass(waiting)
  }

  var locks: [Lock.Kind] { day.store.locks.map(\.kind) }

  /// Nothing that must always hold was broken.
  func holds(_ location: SourceLocation = #_sourceLocation) {
    if let violation = day.violation {
      Issue.record(
        "\(violation)\n\(day.lastLines.suffix(40).joined(separator: "\n"))",
        sourceLocation: location)
    }
  }
}
