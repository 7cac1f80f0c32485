import EngineCore
import TestSupport
import Testing
import TradingModel

/// An entry of 0.005 of which 0.002 have filled at 60300; the venue took no stop with it.
struct PartialEntryTests {
  /// The script, and the entry as it rests.
  private func partlyFilled(stop: Price? = nil) throws -> (script: Script, order: Order) {
    var script = Script { $0.liquidation!.defaults.exits.breakEven = nil }
    script.venue.hangsEntries = true
    script.liquidate()
    let request = try #require(script.effects.entries.first)
    #expect(request.quantity == "0.005" && request.stop == "58200")
    var order = Order.resting("BTCUSDT", id: request.id.text, venueID: "v", at: script.now)
    order.quantity = request.quantity
    order.filled = "0.002"
    order.status = .partiallyFilled
    script.venue.orders = [order]
    script.venue.open("BTCUSDT", .long, "0.002", at: "60300", stop: stop, now: script.now)
    fill(&script, order, "first", "0.002", at: "60300")
    return (script, order)
  }

  private func fill(
    _ script: inout Script, _ order: Order, _ execution: String, _ quantity: Quantity,
    at price: Price
  ) {
    let fill = Fill(
      executionID: execution, orderID: order.id, venueOrderID: order.venueID, symbol: "BTCUSDT",
      side: .buy, price: price, quantity: quantity, fee: "0.1", time: script.now)
    script.venue.tell(fill)
    script.send(.account(.order(order)))
    script.send(.account(.fill(fill)))
    script.send(.account(.position("BTCUSDT", script.venue.positions["BTCUSDT"], at: script.now)))
  }

  private func end(_ script: inout Script, _ order: Order, _ status: Order.Status) {
    var order = order
    order.status = status
    order.updatedAt = script.now
    script.venue.orders = []
    script.send(.account(.order(order)))
  }

  @Test
  func `what has filled gets its stop within two seconds, while the rest is open`() throws {
    var (script, _) = try partlyFilled()
    script.pass(.seconds(2))
    #expect(script.venue.positions["BTCUSDT"]?.stop == "58491")
    #expect(script.venue.positions["BTCUSDT"]?.target == "61807.5")
    #expect(script.effects.closes.isEmpty)
  }

  @Test
  func `what has filled is closed when it can't be protected, though the rest is open`() throws {
    var (script, _) = try partlyFilled()
    script.venue.protectError = .rejected(.other)
    script.pass(.seconds(3))
    #expect(script.effects.marketCloses.map(\.quantity) == ["0.002"])
  }

  @Test
  func `the rest is cancelled: what has filled is an entry, with the stop of its average`() throws {
    var (script, order) = try partlyFilled(stop: "58200")
    script.pass(.seconds(2))
    #expect(script.effects.protections.isEmpty, "the rest may still move the average")
    end(&script, order, .cancelled)
    script.pass(.seconds(8))
    #expect(script.effects.protections.map(\.stop) == ["58491"])
    #expect(script.effects.closes.isEmpty && script.snapshot.positions.count == 1)
    let failures = script.effects.alerts.contains {
      if case .orderFailed = $0 { true } else { false }
    }
    #expect(!failures)
    #expect(script.snapshot.positions.first?.owner == .engine(.liquidation))
  }

  @Test
  func `the rest fills: stop and target are those of the whole, set once`() throws {
    var (script, order) = try partlyFilled(stop: "58200")
    script.pass(.seconds(2))
    script.venue.positions["BTCUSDT"]?.quantity = "0.005"
    script.venue.positions["BTCUSDT"]?.entryPrice = "60480"
    order.filled = "0.005"
    fill(&script, order, "second", "0.003", at: "60600")
    end(&script, order, .filled)
    script.pass(.seconds(8))
    #expect(script.effects.protections.map(\.stop) == ["58665.6"])
    #expect(script.snapshot.positions.first?.position.quantity == "0.005")
  }

  @Test
  func `the rest fills after a stop was set for the part: it is set anew for the whole`() throws {
    var (script, order) = try partlyFilled()
    script.pass(.seconds(2))
    script.venue.positions["BTCUSDT"]?.quantity = "0.005"
    script.venue.positions["BTCUSDT"]?.entryPrice = "60480"
    order.filled = "0.005"
    fill(&script, order, "second", "0.003", at: "60600")
    end(&script, order, .filled)
    script.pass(.seconds(8))
    #expect(script.effects.protections.map(\.stop) == ["58491", "58665.6"])
  }

  @Test
  func `the rest fills without a word: the reading shows it, and it is protected whole`() throws {
    var (script, order) = try partlyFilled(stop: "58200")
    script.venue.positions["BTCUSDT"]?.quantity = "0.005"
    script.venue.positions["BTCUSDT"]?.entryPrice = "60480"
    script.venue.tell(
      Fill(
        executionID: "second", orderID: order.id, venueOrderID: order.venueID, symbol: "BTCUSDT",
        side: .buy, price: "60600", quantity: "0.003", fee: "0.1", time: script.now))
    script.venue.orders = []
    script.pass(.seconds(20))
    #expect(script.effects.protections.map(\.stop) == ["58665.6"])
    #expect(script.snapshot.positions.first?.position.quantity == "0.005")
  }
}
