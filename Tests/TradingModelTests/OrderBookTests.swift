import TestSupport
import Testing
import TradingModel

struct OrderBookTests {
  private var book = OrderBook(symbol: "BTCUSDT")

  init() {
    book.replace(
      bids: [BookLevel("99", "1"), BookLevel("98", "2"), BookLevel("97", "3")],
      asks: [BookLevel("101", "4"), BookLevel("102", "5"), BookLevel("103", "6")])
  }

  @Test
  func `the touch is the best of each side`() {
    #expect(book.bestBid == BookLevel("99", "1"))
    #expect(book.bestAsk == BookLevel("101", "4"))
    #expect(book.mid == "100")
    #expect(book.spread == "2")
    #expect(!book.isCrossed)
  }

  @Test
  func `a side is walked from the touch outwards`() {
    #expect(book.bids.map(\.price) == ["99", "98", "97"])
    #expect(book.asks.map(\.price) == ["101", "102", "103"])
    #expect(book[.sell].first?.quantity == "4")
  }

  @Test
  mutating func `a quantity replaces, zero removes, and removing what is not there is no mistake`()
  {
    book.apply(BookLevel("98", "7"), to: .buy)
    book.apply(BookLevel("99", "0"), to: .buy)
    book.apply(BookLevel("50", "0"), to: .buy)
    book.apply(BookLevel("100.5", "9"), to: .sell)
    #expect(book.bids.elementsEqual([BookLevel("98", "7"), BookLevel("97", "3")]))
    #expect(book.bestAsk == BookLevel("100.5", "9"))
  }

  @Test
  mutating func `levels land at their place wherever that is`() {
    for price in ["96", "98.5", "99.5"] as [Price] { book.apply(BookLevel(price, "1"), to: .buy) }
    for price in ["104", "101.5", "100.5"] as [Price] {
      book.apply(BookLevel(price, "1"), to: .sell)
    }
    #expect(book.bids.map(\.price) == ["99.5", "99", "98.5", "98", "97", "96"])
    #expect(book.asks.map(\.price) == ["100.5", "101", "101.5", "102", "103", "104"])
  }

  @Test
  mutating func `a bid that reaches the ask crosses the book`() {
    book.apply(BookLevel("101", "1"), to: .buy)
    #expect(book.isCrossed)
    book.apply(BookLevel("101", "0"), to: .buy)
    #expect(!book.isCrossed)
    book.removeAll()
    #expect(!book.isCrossed && book.isEmpty && book.mid == nil && book.spread == nil)
  }

  @Test
  func `what rests up to a price includes that price`() throws {
    #expect(try book.bids.quantity(to: "98") == "3")
    #expect(try book.bids.quantity(to: "98.00000001") == "1")
    #expect(try book.bids.quantity(to: "100") == .zero)
    #expect(try book.asks.quantity(to: "102.99999999") == "9")
    #expect(try book.asks.quantity(to: "1000") == "15")
    #expect(try book.asks.value(to: "102") == "914")
  }

  @Test
  func `depth within a share of mid has exact, inclusive bounds`() throws {
    // Mid is 100: two percent reach to 98 and to 102.
    #expect(book.bound(of: .buy, within: .percent(2)) == "98")
    #expect(try book.quantity(of: .buy, within: .percent(2)) == "3")
    #expect(try book.quantity(of: .sell, within: .percent(2)) == "9")
    #expect(try book.quantity(of: .buy, within: "0.0199") == "1")
    #expect(try book.value(of: .sell, within: .percent(1)) == "404")
    #expect(try book.value(of: .sell, within: "0.0099") == .zero)
  }

  @Test
  mutating func `a mid between two counts is not rounded for its bounds`() {
    book.replace(
      bids: [BookLevel("0.00000001", "1")], asks: [BookLevel("0.00000002", "1")])
    #expect(book.mid == "0.00000001")
    // 1.5 counts × 0.5 is 0.75: a bid must lie at 1 or above, and 1.5 × 1.5 is 2.25: an ask at 2.
    #expect(book.bound(of: .buy, within: .percent(50)) == "0.00000001")
    #expect(book.bound(of: .sell, within: .percent(50)) == "0.00000002")
  }

  @Test
  mutating func `a snapshot may come in any order, and the last word on a price counts`() {
    book.replace(
      bids: [BookLevel("1", "1"), BookLevel("3", "3"), BookLevel("2", "2"), BookLevel("3", "4")],
      asks: [BookLevel("5", "0"), BookLevel("6", "1")])
    #expect(
      book.bids.elementsEqual([BookLevel("3", "4"), BookLevel("2", "2"), BookLevel("1", "1")]))
    #expect(book.asks.map(\.price) == ["6"])
  }

  @Test
  func `a full side drops its farthest levels and takes none beyond them any more`() {
    var book = OrderBook(symbol: "BTCUSDT", levelLimit: 4)
    for price in ["99", "98", "97", "96", "95"] as [Price] {
      book.apply(BookLevel(price, "1"), to: .buy)
    }
    #expect(book.bids.map(\.price) == ["99", "98", "97", "96"])
    #expect(book.bids.horizon == "95")
    // 94 may be known now, but what lies between was forgotten.
    book.apply(BookLevel("94", "1"), to: .buy)
    #expect(book.bids.count == 4 && !book.isThin)
    for price in ["99", "98", "97", "96"] as [Price] {
      book.apply(BookLevel(price, "0"), to: .buy)
    }
    #expect(book.isThin)
    book.replace(bids: [BookLevel("90", "1")], asks: [])
    #expect(book.bids.horizon == nil && !book.isThin)
  }

  @Test
  func `a snapshot larger than the limit keeps what is nearest`() {
    var book = OrderBook(symbol: "BTCUSDT", levelLimit: 2)
    book.replace(
      bids: [], asks: [BookLevel("1", "1"), BookLevel("2", "1"), BookLevel("3", "1")])
    #expect(book.asks.map(\.price) == ["1", "2"])
    #expect(book.asks.horizon == "3")
  }

  @Test
  mutating func `sums beyond an amount are an error, never a wrap`() {
    let most = Quantity(uncheckedCount: Quantity.limit)
    for price in 1...20 {
      book.apply(BookLevel(Price(uncheckedCount: Int128(price)), most), to: .buy)
    }
    #expect(throws: AmountError.overflow) { try book.bids.quantity(to: .zero) }
  }

  @Test
  func `any changes give what a dictionary and a sort give`() throws {
    let chance = SeededRandom(seed: 7)
    var book = OrderBook(symbol: "BTCUSDT")
    var plain: [Side: [Price: Quantity]] = [.buy: [:], .sell: [:]]
    for step in 0..<4000 {
      let side: Side = chance.next(below: 2) == 0 ? .buy : .sell
      let offset = Int128(chance.next(below: 300))
      let price = Price(uncheckedCount: 100_000 + (side == .buy ? -offset - 1 : offset + 1))
      let quantity = Quantity(uncheckedCount: Int128(chance.next(below: 3)))
      book.apply(BookLevel(price, quantity), to: side)
      plain[side]?[price] = quantity.isZero ? nil : quantity
      guard step % 100 == 0 else { continue }
      let bids = try #require(plain[.buy]).sorted { $0.key > $1.key }
      let asks = try #require(plain[.sell]).sorted { $0.key < $1.key }
      #expect(book.bids.elementsEqual(bids.map { BookLevel($0.key, $0.value) }))
      #expect(book.asks.elementsEqual(asks.map { BookLevel($0.key, $0.value) }))
      let bound: Price = "0.00099900"
      let sum = bids.filter { $0.key >= bound }.reduce(Int128(0)) { $0 + $1.value.wideCount }
      #expect(try book.bids.quantity(to: bound) == Quantity(count: sum))
    }
  }
}
