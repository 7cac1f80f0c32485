import Testing
import TradingModel

@testable import Binance

struct SnapshotQueueTests {
  @Test func `a book stands in line once, however often it is lost`() async {
    let queue = SnapshotQueue()
    for _ in 0..<1000 { for symbol: Symbol in ["BTCUSDT", "ETHUSDT"] { queue.want(symbol) } }
    #expect(queue.count == 2)
    #expect(await queue.next() == "BTCUSDT")
    queue.want("BTCUSDT")
    #expect(await queue.next() == "ETHUSDT")
    #expect(await queue.next() == "BTCUSDT")
    let waiting = Task { await queue.next() }
    queue.want("SOLUSDT")
    #expect(await waiting.value == "SOLUSDT")
  }

  @Test func `who waits is let go when cancelled`() async {
    let queue = SnapshotQueue()
    let waiting = Task { await queue.next() }
    waiting.cancel()
    #expect(await waiting.value == nil)
  }
}
