import TestSupport
import Testing
import TradingModel

@testable import Binance

@Suite(.timeLimit(.minutes(1)))
struct TurnsTests {
  @Test func `changes of one symbol go one after the other, those of another beside them`() async {
    let turns = Turns()
    let chronicle = Chronicle()
    await turns.enter("BTCUSDT")
    let second = Task {
      await turns.enter("BTCUSDT")
      chronicle.write("second")
      turns.leave("BTCUSDT")
    }
    await turns.enter("ETHUSDT")
    turns.leave("ETHUSDT")
    chronicle.write("first")
    turns.leave("BTCUSDT")
    await second.value
    #expect(chronicle.lines == ["first", "second"])
    await turns.enter("BTCUSDT")
    turns.leave("BTCUSDT")
  }
}
