import TestSupport
import Testing
import TradingModel

@testable import EngineCore

struct FillHistoryTests {
  @Test func `an answer to what was asked before a gap does not close the gap`() {
    var history = FillHistory()
    let gap = Timestamp.noon - .minutes(10)
    let first = history.ask(since: gap, at: .noon)
    let second = history.ask(since: .noon - .minutes(20), at: .noon + .seconds(1))
    #expect(first == gap && second == .noon - .minutes(20))
    let isWhole = history.answered(since: first)
    #expect(!isWhole)
    history.failed(at: .noon + .seconds(11))
    #expect(history.due(at: .noon + .seconds(16)) == second)
    // A later question keeps what is still open.
    let third = history.ask(since: .noon, at: .noon + .seconds(16))
    #expect(third == second)
  }

  @Test func `a question that failed is answered by the next one`() {
    var history = FillHistory()
    let start = history.ask(since: .noon, at: .noon)
    history.failed(at: .noon + .seconds(10))
    #expect(!history.isSettled)
    let again = history.ask(since: start, at: .noon + .seconds(15))
    let isWhole = history.answered(since: again)
    #expect(isWhole && history.isSettled)
  }

  @Test func `an answer to the latest question answers those before it`() {
    var history = FillHistory()
    _ = history.ask(since: .noon - .minutes(10), at: .noon)
    let second = history.ask(since: .noon - .minutes(20), at: .noon + .seconds(1))
    let isWhole = history.answered(since: second)
    let isStillWhole = history.answered(since: .noon - .minutes(10))
    #expect(isWhole && isStillWhole)
    let next = Timestamp.noon + .seconds(1) + FillHistory.pace
    #expect(history.due(at: next - .milliseconds(1)) == nil)
    #expect(history.due(at: next) == .noon + .seconds(1) - FillHistory.overlap)
  }
}
