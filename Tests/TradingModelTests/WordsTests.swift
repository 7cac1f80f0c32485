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
    var ids = ClientOrderIDs(now: .noon, lastBoot: nil)
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

  @Test
  func `two starts in one second still differ`() {
    let first = ClientOrderIDs(now: .noon, lastBoot: nil)
    let second = ClientOrderIDs(now: .noon, lastBoot: first.boot)
    #expect(second.boot == first.boot + 1)
    let clockWentBack = ClientOrderIDs(now: .noon - .hours(1), lastBoot: second.boot)
    #expect(clockWentBack.boot == second.boot + 1)
  }
}

struct LockTests {
  @Test
  func `panic is the strictest, a pause the mildest`() {
    let kinds: [Lock.Kind] = [.panic, .halted, .paused(nil), .day, .flagFile]
    #expect(kinds.sorted() == [.paused(nil), .halted, .flagFile, .day, .panic])
  }
}
