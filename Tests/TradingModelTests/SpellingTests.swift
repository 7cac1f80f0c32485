import Testing
import TradingModel

struct SpellingTests {
  static let commands = ["close", "status", "positions", "panic", "pause"]

  @Test(arguments: [
    ("clsoe", "close"), ("statsu", "status"), ("PANIK", "panic"), ("pase", "pause"),
  ])
  func `a slip of the finger finds its word`(typed: String, meant: String) {
    #expect(Spelling.nearest(to: typed, among: Self.commands) == meant)
  }

  @Test(arguments: ["", "buy", "everything"])
  func `what is far from all of them finds none`(typed: String) {
    #expect(Spelling.nearest(to: typed, among: Self.commands) == nil)
  }

  @Test
  func `several are given best first, ties in their order`() {
    let symbols = ["SOLVUSDT", "SOLUSDT", "XRPUSDT"]
    #expect(
      Spelling.nearest(to: "SOLLUSDT", among: symbols, count: 2) == ["SOLVUSDT", "SOLUSDT"])
  }
}
