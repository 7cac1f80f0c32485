import TestSupport
import Testing
import TradingModel

struct SymbolTests {
  @Test(arguments: ["BTCUSDT", "btcusdt", "BTC", "btc", "BTC/USDT", "btc-usdt", "BTC_USDT"])
  func `a symbol is taken as people write it`(text: String) {
    #expect(Symbol(text)?.name == "BTCUSDT")
  }

  @Test(arguments: ["", "USDT", "B TC", "BTC\n", "<b>", String(repeating: "A", count: 41)])
  func `what is no symbol is nil`(text: String) { #expect(Symbol(text) == nil) }

  @Test
  func `a symbol may be written in any script`() {
    #expect(Symbol("币安人生" as String)?.base == "币安人生")
  }
}

struct ClientOrderIDTests {
  @Test
  func `an id names its owner and its command and fits the venues`() {
    var ids = ClientOrderIDs(boot: BootStamp.next(after: nil, at: .noon))
    let entry = ids.next(for: .engine(.liquidation))
    let close = ids.next(for: .risk, command: CommandID(812))
    #expect(entry.owner == .engine(.liquidation))
    #expect(entry.command == nil)
    #expect(close.owner == .risk)
    #expect(close.command == CommandID(812))
    #expect(entry != close)
    let longest = ClientOrderID(
      owner: .risk, boot: UInt64(UInt32.max), counter: 9_999_999, command: CommandID(99_999_999))
    #expect(longest.text.count <= 36)
    #expect(longest.text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" })
  }

  @Test(arguments: ["", "web_1234", "liq-1", "liq-!-2", "who-1-2", "liq-1-2-3-4"])
  func `a foreign id has no owner`(text: String) {
    #expect(ClientOrderID(text).owner == nil)
    #expect(ClientOrderID(text).command == nil)
  }
}

struct BootStampTests {
  @Test
  func `it is the seconds since 2020, or one more than the last`() {
    let first = BootStamp.next(after: nil, at: .noon)
    #expect(first == 217_339_200)
    #expect(BootStamp.next(after: first, at: .noon) == first + 1)
    #expect(BootStamp.next(after: first + 1, at: .noon - .hours(1)) == first + 2)
    #expect(BootStamp.next(after: first, at: .noon + .hours(1)) == first + 3600)
  }

  /// Each starts and dies without a trace, so all read the same last stamp.
  @Test(arguments: [nil, 217_339_199, 217_339_200, 900_000_000] as [UInt64?])
  func `lives that could commit nothing still differ, once they may use it`(last: UInt64?) {
    let lives = (0..<40).map { count in
      let now = Timestamp.noon + .milliseconds(250 * Int64(count))
      return BootStamp.uncommitted(BootStamp.next(after: last, at: now), at: now)
    }
    for (life, next) in zip(lives, lives.dropFirst()) where life.stamp == next.stamp {
      #expect(life.usableAt == next.usableAt, "the first was over before it could use it")
    }
    #expect(Set(lives.map(\.stamp)).count == 10)
    if let last { #expect(!lives.contains { $0.stamp <= last }) }
    // A later life that can commit meets none of them.
    let later = BootStamp.next(after: last, at: .noon + .seconds(10))
    #expect(!lives.contains { $0.stamp == later })
    #expect(lives[0].usableAt == .noon + .seconds(1))
    #expect(lives[39].usableAt == .noon + .seconds(10))
  }
}

struct LockTests {
  @Test
  func `panic is the strictest, a pause the mildest`() {
    let kinds: [Lock.Kind] = [.panic, .halted, .paused(nil), .day, .flagFile]
    #expect(kinds.sorted() == [.paused(nil), .halted, .flagFile, .day, .panic])
  }
}
