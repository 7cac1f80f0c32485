import Strategies
import Testing
import TradingModel

struct ExitDistanceTests {
  @Test(
    arguments: [
      ("2.5%", .share("0.025")), ("2.5", .share("0.025")), ("2atr", .ranges("2")),
      ("0.5 ATR", nil), ("1.5r", .risks("1.5")), ("1R", .risks("1")), ("at 64000", .price("64000")),
      ("at", nil), ("", nil), ("much", nil), ("2 % 3", nil), ("at x", nil),
    ] as [(String, ExitDistance?)])
  func `a distance is read as people write it`(text: String, distance: ExitDistance?) {
    guard let distance else {
      #expect(throws: AmountError.self) { try ExitDistance(text) }
      return
    }
    #expect(throws: Never.self) {
      let read = try ExitDistance(text)
      #expect(read == distance)
      #expect(try ExitDistance(read.description) == distance)
    }
  }
}
