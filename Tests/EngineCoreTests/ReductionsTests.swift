import TestSupport
import Testing
import TradingModel

@testable import EngineCore

struct ReductionsTests {
  private let key: PositionKey = "BTCUSDT"

  private func underway() -> Reductions {
    var reductions = Reductions()
    reductions.add(
      Reductions.Reduction(
        request: OrderRequest(
          id: ClientOrderID("risk-1-1"), symbol: "BTCUSDT", side: .sell, quantity: "1",
          reduceOnly: true), key: key, purpose: .emergency, sentAt: .noon))
    return reductions
  }

  @Test
  func `nothing follows a close that is under way`() {
    #expect(!underway().isFree(key, after: 99))
    #expect(underway().isFree("ETHUSDT", after: 1))
  }

  @Test
  func `after it is settled only a reading asked for later counts`() {
    var reductions = underway()
    reductions.settle(ClientOrderID("risk-1-1"), lastTicket: 5)
    #expect(!reductions.isFree(key, after: 5))
    #expect(reductions.isFree(key, after: 6))
  }

  @Test(arguments: [(499, false), (500, true)] as [(Int64, Bool)])
  func `an acknowledged close is settled by a reading asked for half a second later`(
    milliseconds: Int64, isFree: Bool
  ) {
    var reductions = underway()
    reductions.accepted(ClientOrderID("risk-1-1"), at: .noon)
    reductions.compare(with: [], ticket: 7, askedAt: .noon + .milliseconds(milliseconds))
    #expect(reductions.isFree(key, after: 7) == isFree)
  }
}
