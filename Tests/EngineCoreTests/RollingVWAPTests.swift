import TestSupport
import Testing
import TradingModel

@testable import EngineCore

struct RollingVWAPTests {
  @Test
  func `volume weighs the price, exactly`() {
    var vwap = RollingVWAP()
    #expect(vwap.price == nil)
    vwap.add(price: "100", quantity: "1", at: .noon)
    vwap.add(price: "200", quantity: "3", at: .noon + .minutes(1))
    #expect(vwap.price == "175")
  }

  @Test
  func `a trade leaves after a day`() {
    var vwap = RollingVWAP()
    vwap.add(price: "100", quantity: "1", at: .noon)
    vwap.add(price: "200", quantity: "1", at: .noon + .hours(24) - .minutes(1))
    #expect(vwap.price == "150")
    vwap.add(price: "200", quantity: "1", at: .noon + .hours(24))
    #expect(vwap.price == "200")
  }

  @Test
  func `days of trades at the largest numbers leave no trace and do not overflow`() {
    var vwap = RollingVWAP()
    for minute in 0..<Int64(5000) {
      vwap.add(price: "0.00000001", quantity: "1000000000", at: .noon + .minutes(minute))
    }
    #expect(vwap.price == "0.00000001")
    let largest = Price(uncheckedCount: Price.limit)
    for _ in 0..<1000 {
      vwap.add(
        price: largest, quantity: Quantity(uncheckedCount: Quantity.limit), at: .noon + .hours(200))
    }
    #expect(vwap.price == largest)
  }
}
