import TestSupport
import Testing
import TradingModel

@testable import Simulation

@Suite(.timeLimit(.minutes(1)))
struct PaperPromiseTests {
  @Test(arguments: VenuePromise.all, [Venue.bybit, .binance])
  func `the paper venue keeps what every venue keeps`(
    promise: VenuePromise, prices: Venue
  ) async throws {
    let clock = ManualClock()
    var settings = prices == .binance ? PaperSettings.binance : PaperSettings()
    settings.balance = "10000"
    settings.marginMode = .isolated
    settings.leverage = .times(10)
    let exchange = PaperExchange(
      settings: settings, instruments: [.example()], prices: prices, clock: clock)
    let price = PriceBoard(exchange: exchange, venue: prices)
    await price.set("64000")
    let told = EventBook()
    let running = Task { await exchange.run(publish: told.take) }
    let venue = VenueUnderTest(
      gateway: exchange, account: exchange, market: exchange, told: told, clock: clock,
      move: { _, share in try await price.move(by: share) },
      pay: { amount in try await exchange.pay(amount, at: clock.now) },
      hedge: { try await exchange.hedge() },
      pass: { clock.advance(by: $0) })
    try await promise.isKept(by: venue)
    running.cancel()
    await running.value
  }
}

/// Where the price of the one contract stands.
private actor PriceBoard {
  private let exchange: PaperExchange
  private let venue: Venue
  private var price: Price = "1"

  init(exchange: PaperExchange, venue: Venue) {
    self.exchange = exchange
    self.venue = venue
  }

  func set(_ price: Price) async {
    self.price = price
    await exchange.take(
      .ticker(
        Ticker(
          venue: venue, symbol: btc, last: price, mark: price, bid: price, ask: price, time: .noon)
      ))
  }

  func move(by share: Ratio) async throws { await set(try price.scaled(by: .one + share)) }
}

extension PaperExchange {
  fileprivate func hedge() throws(PaperRejection) {
    try venue.setPositionMode(.hedge, symbol: nil)
  }

  fileprivate func pay(_ amount: Notional, at time: Timestamp) throws(PaperRejection) {
    if amount < .zero {
      try venue.withdraw(-amount, at: time)
    } else {
      try venue.deposit(amount, at: time)
    }
  }
}
