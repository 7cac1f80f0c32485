import EngineCore
import TestSupport
import Testing
import TradingModel

@testable import Engine

@Suite struct InboxTests {
  private let inbox = Inbox(marketCapacity: 3)

  private func post(_ body: EngineEvent.Body, at milliseconds: Int64 = 0) {
    inbox.post(EngineEvent(body, at: .noon(plus: milliseconds)))
  }

  private func all() -> [EngineEvent] {
    var events: [EngineEvent] = []
    while let event = inbox.take() { events.append(event) }
    return events
  }

  private func print(_ price: Price) -> EngineEvent.Body {
    .market(
      .trade(
        Trade(
          venue: .bybit, symbol: "BTCUSDT", price: price, quantity: "1", aggressor: .buy,
          time: .noon)))
  }

  private func ticker(
    _ symbol: Symbol, last: Price? = nil, mark: Price? = nil
  ) -> EngineEvent.Body {
    .market(.ticker(Ticker(venue: .bybit, symbol: symbol, last: last, mark: mark, time: .noon)))
  }

  @Test func `account and operator go before the clock, and the clock before the market`() {
    let halt = OperatorCommand(
      id: CommandID(1), deed: .kill(flatten: false), by: "Ana", at: .noon)
    post(print("1"))
    post(.tick)
    post(.accountGap)
    post(.command(halt))
    #expect(all().map(\.body) == [.accountGap, .command(halt), .tick, print("1")])
  }

  @Test func `only the latest tick is worth a look`() {
    post(.tick, at: 100)
    post(.tick, at: 200)
    #expect(all() == [EngineEvent(.tick, at: .noon(plus: 200))])
  }

  @Test func `a waiting ticker takes a newer one into itself and keeps its place`() {
    post(ticker("BTCUSDT", last: "1", mark: "5"), at: 1)
    post(print("1"), at: 2)
    post(ticker("ETHUSDT", last: "3"), at: 3)
    post(ticker("BTCUSDT", last: "2"), at: 4)
    #expect(
      all() == [
        EngineEvent(ticker("BTCUSDT", last: "2", mark: "5"), at: .noon(plus: 4)),
        EngineEvent(print("1"), at: .noon(plus: 2)),
        EngineEvent(ticker("ETHUSDT", last: "3"), at: .noon(plus: 3)),
      ])
    post(ticker("BTCUSDT", last: "9"))
    #expect(all().map(\.body) == [ticker("BTCUSDT", last: "9")], "what was taken is not merged")
  }

  @Test(arguments: [(3, 0), (4, 1), (6, 3)])
  func `prints beyond the room push out the oldest and are counted`(posted: Int, dropped: Int) {
    post(ticker("BTCUSDT", last: "1"))
    let prints = (1...posted).map { print(Price(uncheckedCount: Int128($0))) }
    for body in prints { post(body) }
    #expect(inbox.droppedCount == dropped)
    #expect(all().map(\.body) == [ticker("BTCUSDT", last: "1")] + prints.dropFirst(dropped))
  }

  @Test func `account events are kept however many there are`() {
    for _ in 0..<10_000 { post(.accountGap) }
    #expect(all().count == 10_000)
    #expect(inbox.droppedCount == 0)
  }

  @Test func `the reader is woken by what comes after it slept`() async {
    var wakes = inbox.wakes.makeAsyncIterator()
    post(.accountGap)
    post(.tick)
    await wakes.next()
    #expect(all().count == 2)
    post(.tick)
    await wakes.next()
    #expect(all().count == 1)
  }

  @Test func `many threads may post at once`() async {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<1000 { post(.accountGap) } }
      }
    }
    #expect(all().count == 8000)
  }
}
