import Risk
import TestSupport
import Testing
import TradingModel

/// How large an entry is.
struct EntrySizeTests {
  private func scene(
    balance: Notional, price: Price, share: Ratio, leverage: Ratio = .times(3), step: Quantity
  ) -> GateScene {
    GateScene.with {
      $0.has(balance)
      $0.settings.minimumBalance = .zero
      $0.settings.maxPositionShare = [.liquidation: .one]
      $0.settings.maxExposure = .one
      $0.situation.marketPrice = price
      $0.situation.instrument = .example(
        GateScene.symbol, tick: "0.0001", step: step, minimum: step)
      $0.intent.price = price
      $0.intent.leverage = leverage
      $0.intent.size = .shareOfBalance(share, raiseLimit: .times(2))
      $0.intent.target = nil
      do {
        $0.intent.stop = try price.scaled(by: "0.97").roundedUp(toMultipleOf: "0.0001")
      } catch {
        Issue.record(error)
      }
    }
  }

  // Balance, price, 11% at 3x: 222.1154, 12.6923 and 0.001925 before the step.
  @Test(arguments: [
    ("350", "0.52", "0.1", "222.1"), ("20", "0.52", "0.1", "12.6"),
    ("350", "60000", "0.001", "0.001"), ("350", "60000", "0.00001", "0.00192"),
  ])
  func `balance times share times leverage over the price, rounded down to the step`(
    balance: String, price: String, step: String, quantity: String
  ) throws {
    let scene = try scene(
      balance: Notional(balance), price: Price(price), share: .percent(11), step: Quantity(step))
    #expect(try scene.request?.quantity == Quantity(quantity))
  }

  @Test
  func `a size far under the venue's minimum is refused, never raised to a whole coin`() {
    let scene = scene(balance: "5", price: "60000", share: .percent(11), step: "0.001")
    #expect(
      scene.refusals == [
        Refusal(check: "balance", text: "the size comes to 0, the venue takes at least 0.001")
      ])
  }

  // The smallest order at 0.52 is 9.7 coins, 5.044 USDT: twice 2.522.
  @Test(arguments: [("252.2", true), ("252.19", false)])
  func `a size under the minimum is raised to it for at most twice the money`(
    balance: String, isRaised: Bool
  ) throws {
    let scene = try scene(
      balance: Notional(balance), price: "0.52", share: .percent(1), leverage: .one, step: "0.1")
    #expect(scene.request?.quantity == (isRaised ? "9.7" : nil))
    #expect(scene.refusedBy == (isRaised ? [] : ["balance"]))
  }

  @Test
  func `a cap on equity caps what sizing uses, not what there is`() {
    var scene = scene(balance: "350", price: "0.52", share: .percent(11), step: "0.1")
    scene.settings.equityCap = "20"
    #expect(scene.request?.quantity == "12.6")
    scene.settings.equityCap = "1000"
    #expect(scene.request?.quantity == "222.1")
  }

  @Test
  func `the market's price sizes, not the one that the engine saw`() {
    var scene = scene(balance: "350", price: "0.52", share: .percent(11), step: "0.1")
    scene.intent.price = "0.5172"
    #expect(scene.request?.quantity == "222.1")
  }

  @Test
  func `more leverage than the venue gives, a halted symbol and unknown rules have no size`() {
    func balanceText(_ change: (inout GateScene) -> Void) -> [String] {
      GateScene.with(change).refusals.filter { $0.check == "balance" }.map(\.text)
    }
    #expect(
      balanceText { $0.situation.instrument?.maxLeverage = .times(2) }
        == ["leverage 3, allowed 1 to 2"])
    #expect(balanceText { $0.intent.leverage = .times(100) }.isEmpty)
    #expect(balanceText { $0.intent.leverage = "0.99" } == ["leverage 0.99, allowed 1 to 100"])
    #expect(
      balanceText { $0.situation.instrument?.isTrading = false }
        == ["ADAUSDT is not trading on the venue"])
    #expect(
      balanceText { $0.situation.instrument = nil }
        == ["the venue's rules for ADAUSDT are not known"])
    #expect(
      balanceText { $0.situation.instrument?.maxMarketQuantity = "20" }
        == ["the venue takes at most 20 at market"])
  }
}
