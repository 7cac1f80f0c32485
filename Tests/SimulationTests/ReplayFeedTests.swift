import Simulation
import TestSupport
import Testing
import TradingModel

struct ReplayFeedTests {
  private func file(_ name: String, _ lines: String...) -> RecordedFile {
    RecordedFile(name: name, bytes: Array(lines.joined(separator: "\n").utf8))
  }

  @Test func `both tables are read, and merged in order of arrival`() throws {
    let feed = try ReplayFeed([
      file(
        "liquidations.csv",
        "LRC,SELL,LIMIT,IOC,226,0.16815,0.17057,FILLED,226,226,1737908829829,38.0019",
        "1000PEPE,BUY,LIMIT,IOC,9,0.0151,0.0150,FILLED,4,8,1737908829831,1"),
      file(
        "trades.csv",
        "1737908829830, BTCUSDT, 2541757614, 104943.5, 0.15, 1737908829700, True", ""),
    ])
    #expect(feed.files.map(\.format) == [.liquidations, .trades])
    #expect(feed.symbols == ["1000PEPEUSDT", "BTCUSDT", "LRCUSDT"])
    #expect(
      feed.events.map(\.event) == [
        .liquidation(
          Liquidation(
            venue: .binance, symbol: "LRCUSDT", closed: .long, price: "0.16815",
            averagePrice: "0.17057", quantity: "226",
            time: Timestamp(milliseconds: 1_737_908_829_829))),
        .trade(
          Trade(
            venue: .binance, symbol: "BTCUSDT", price: "104943.5", quantity: "0.15",
            aggressor: .sell, time: Timestamp(milliseconds: 1_737_908_829_700))),
        .liquidation(
          Liquidation(
            venue: .binance, symbol: "1000PEPEUSDT", closed: .short, price: "0.0151",
            averagePrice: "0.015", quantity: "8",
            time: Timestamp(milliseconds: 1_737_908_829_831))),
      ])
  }

  @Test(arguments: [
    ("LRC,SELL,LIMIT,IOC,226,0.16815,0.17057,FILLED,226,226,1737908829829", "11 columns"),
    ("LRC,SELL,LIMIT,IOC,226,0.16815,x,FILLED,226,226,1737908829829,38", "average price"),
    ("LRC,SELL,LIMIT,IOC,226,0.16815,0.1,FILLED,226,0,1737908829829,38", "quantity is 0"),
    ("LRC,HOLD,LIMIT,IOC,226,0.16815,0.1,FILLED,226,226,1737908829829,38", "side HOLD"),
    ("LRC,SELL,LIMIT,IOC,226,0.16815,0.1,FILLED,226,226,12,38", "time 12"),
  ])
  func `a line that can not be read costs itself alone, and is named`(
    _ line: String, _ why: String
  ) throws {
    let good = "LRC,SELL,LIMIT,IOC,226,0.16815,None,FILLED,226,226,1737908829829,38.0019"
    let other = good.replacing("LRC", with: "BTC")
    let feed = try ReplayFeed([file("table.csv", good, line, other)])
    #expect(feed.events.count == 2)
    #expect(feed.files.first?.skipped == 1)
    let skipped = try #require(feed.skipped.first)
    #expect(skipped.line == 2 && skipped.file == "table.csv")
    #expect(skipped.why.contains(why))
  }

  @Test func `what was told twice, and what is not in USDT, is left out and counted`() throws {
    let line = "LRC,SELL,LIMIT,IOC,226,0.16815,0.17,FILLED,226,226,1737908829829,38.0019"
    let feed = try ReplayFeed([
      file("one", line, line.replacing("226,226", with: "226,225")),
      file("two", line, line.replacing("LRC", with: "BTCUSDC")),
    ])
    #expect(feed.events.count == 2)
    #expect(feed.files.map(\.repeated) == [0, 1])
    #expect(feed.files.map(\.otherContracts) == [0, 1])
    #expect(feed.skipped.isEmpty)
  }

  @Test func `an average that was not told is the limit`() throws {
    let feed = try ReplayFeed([
      file("t", "LRC,SELL,LIMIT,IOC,226,0.16815,None,FILLED,226,226,1737908829829,38.0019")
    ])
    guard case .liquidation(let liquidation) = feed.events.first?.event else {
      Issue.record("no liquidation")
      return
    }
    #expect(liquidation.averagePrice == "0.16815")
  }

  @Test func `a trade time by the clock on the wall gives way to the event time`() throws {
    let feed = try ReplayFeed([
      file("t", "1723711227426, ETHUSDT, 1745753451, 2612.89, 5.9,15:40:27, False")
    ])
    let event = try #require(feed.events.first)
    guard case .trade(let trade) = event.event else {
      Issue.record("no trade")
      return
    }
    #expect(trade.time == event.arrival && trade.time.milliseconds == 1_723_711_227_426)
  }

  @Test func `what is no table is refused by its name`() {
    #expect(throws: ReplayError.unknownFormat(file: "notes.txt")) {
      try ReplayFeed([file("notes.txt", "hello", "world")])
    }
    #expect(throws: ReplayError.nothingRecorded) { try ReplayFeed([]) }
  }

  @Test func `rules are guessed from the digits`() throws {
    let feed = try ReplayFeed([
      file(
        "l", "BTC,SELL,LIMIT,IOC,1,100.123,100.4567,FILLED,1.5,1.50,1737908829829,1",
        "LRC,SELL,LIMIT,IOC,20,0.16815,0.1705700,FILLED,20,20,1737908829829,1"),
      file("t", "1737908829830, BTCUSDT, 1, 104943.5, 0.150, 1737908829700, True"),
    ])
    let rules = DerivedInstruments.of(feed.events)
    #expect(rules.map(\.symbol) == ["BTCUSDT", "LRCUSDT"])
    #expect(rules.map(\.tickSize) == ["0.1", "0.00001"])
    #expect(rules.map(\.quantityStep) == ["0.01", "1"])
  }

  @Test(arguments: [
    ("BandsThoBaby/binance.csv.gz", TableFormat.liquidations, 456),
    ("BandsThoBaby/binance_bigliqs.csv.gz", .liquidations, 385),
    ("BandsThoBaby/binance_trades.csv.gz", .trades, 22181),
    ("PauliusMinialga/binance.csv.gz", .liquidations, 3510),
    ("PauliusMinialga/binance_trades.csv.gz", .trades, 16440),
  ])
  func `real recordings are read to the last line`(
    _ path: String, _ format: TableFormat, _ lines: Int
  ) throws {
    guard let bytes = try Fixtures.unpacked("binance/liquidations/\(path)") else { return }
    let feed = try ReplayFeed([RecordedFile(name: path, bytes: bytes)])
    let file = try #require(feed.files.first)
    #expect(file.format == format)
    #expect(file.events + file.repeated + file.otherContracts == lines)
    #expect(file.skipped == 0)
    let isOrdered = zip(feed.events, feed.events.dropFirst()).allSatisfy {
      $0.arrival <= $1.arrival
    }
    #expect(isOrdered)
  }
}
