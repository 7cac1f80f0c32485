import EngineCore
import Simulation
import Strategies
import TestSupport
import Testing
import TradingModel

struct ReplayTests {
  private func recording(_ folder: String) throws -> ReplayFeed? {
    let names = ["binance.csv.gz", "binance_trades.csv.gz"].map {
      "binance/liquidations/\(folder)/\($0)"
    }
    var files: [RecordedFile] = []
    for name in names {
      guard let bytes = try Fixtures.unpacked(name) else { return nil }
      files.append(RecordedFile(name: name, bytes: bytes))
    }
    return try ReplayFeed(files)
  }

  private func settings(offset: Ratio?, feed: ReplayFeed) -> EngineSettings {
    var liquidation = LiquidationSettings()
    if let offset {
      liquidation.defaults.longVWAPOffset = offset
      liquidation.defaults.shortVWAPOffset = offset
    }
    var settings = EngineSettings(
      venue: .paper, signalVenue: .binance, environment: .loopback, isLive: false,
      liquidation: liquidation)
    settings.allowlist = feed.symbols
    return settings
  }

  @Test func `the same recording gives the same bytes`() throws {
    guard let feed = try recording("BandsThoBaby") else { return }
    let settings = settings(offset: .basisPoints(10), feed: feed)
    let report = ReplayRunner.run(feed, engine: settings, paper: PaperSettings())
    let again = ReplayRunner.run(feed, engine: settings, paper: PaperSettings())
    #expect(report.entryCount > 0)
    #expect(report.description.utf8.elementsEqual(again.description.utf8))
  }

  @Test func `gentle offsets give over a hundred raw signals, and trades that add up`() throws {
    guard let feed = try recording("PauliusMinialga") else { return }
    let settings = settings(offset: .basisPoints(10), feed: feed)
    let report = ReplayRunner.run(feed, engine: settings, paper: PaperSettings())
    #expect(report.signalCount > 100)
    #expect(report.verdictCount == report.signalCount)
    #expect(report.closedTrades.count > 5)
    let net = report.closedTrades.reduce(Notional.zero) { $0 + $1.net }
    #expect((report.endBalance - report.startBalance - net).magnitude < "5")
  }

  @Test func `the defaults say for each symbol why nothing traded`() throws {
    guard let feed = try recording("PauliusMinialga") else { return }
    let report = ReplayRunner.run(
      feed, engine: settings(offset: nil, feed: feed), paper: PaperSettings())
    for symbol in report.symbols where symbol.entries == 0 && symbol.liquidations > 0 {
      #expect(
        symbol.noes.reduce(symbol.signals) { $0 + $1.count } == symbol.liquidations)
    }
    #expect(report.description.contains("WHY NOTHING TRADED"))
  }

  @Test(arguments: [false, true])
  func `with every kind of exit the trades still add up, and none is liquidated`(
    usesRange: Bool
  ) throws {
    guard let feed = try recording("PauliusMinialga") else { return }
    var settings = settings(offset: .basisPoints(10), feed: feed)
    settings.liquidation?.defaults.exits = ExitPlan(
      stop: usesRange ? .ranges("8") : .share("0.02"), target: .risks("2"),
      partials: [PartialTarget(.risks("0.3"), "0.5"), PartialTarget(.risks("1"), "0.25")],
      breakEven: BreakEven(after: .risks("0.4")),
      trailing: TrailingStop(
        after: .risks("0.5"), callback: usesRange ? .ranges("4") : .share("0.005")),
      timeLimit: TimeLimit(after: .minutes(180)))
    let report = ReplayRunner.run(feed, engine: settings, paper: PaperSettings())
    #expect(report.closedTrades.count > 5)
    #expect(report.liquidatedCount == 0)
    #expect(report.ordersFailed.isEmpty, "\(report.ordersFailed)")
    let ends = Set(report.closedTrades.map(\.reasonOut))
    #expect(
      ends.isSubset(of: [
        "stop", "target", "partial target", "break-even", "trailing stop",
        "time",
      ]), "\(ends)")
    #expect(ends.count >= 3, "\(ends)")
    let net = report.closedTrades.reduce(Notional.zero) { $0 + $1.net }
    #expect((report.endBalance - report.startBalance - net).magnitude < "5")
  }
}
