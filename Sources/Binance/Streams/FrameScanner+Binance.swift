import TradingModel
import Transport

// The hot kinds, after their `{"e":"kind"`: fields in any order, each once.
extension FrameScanner {
  /// The fields up to the closing brace.
  private mutating func fields(
    _ take: (_ name: FrameText, _ scan: inout FrameScanner) throws(OtherShape) -> Void
  ) throws(OtherShape) {
    while next == UInt8(ascii: ",") {
      try byte(UInt8(ascii: ","))
      let name = try text()
      try byte(UInt8(ascii: ":"))
      try take(name, &self)
    }
    try byte(UInt8(ascii: "}"))
  }

  mutating func depthUpdate(
    into change: inout DepthChange
  ) throws(OtherShape) -> MarketFrame {
    var seen = Seen()
    var isUSDMargined = true
    change.clear()
    try fields { name, scan throws(OtherShape) in
      switch name {
      case "s":
        try seen.mark(0)
        change.symbol = try scan.symbol()
      case "U":
        try seen.mark(1)
        change.firstID = try scan.integer()
      case "u":
        try seen.mark(2)
        change.lastID = try scan.integer()
      case "pu":
        try seen.mark(3)
        change.previousID = try scan.integer()
      case "T":
        try seen.mark(4)
        change.time = Timestamp(milliseconds: try scan.integer())
      case "b":
        try seen.mark(5)
        try scan.levels(into: &change.bids)
      case "a":
        try seen.mark(6)
        try scan.levels(into: &change.asks)
      case "st":
        try seen.mark(7)
        isUSDMargined = try scan.integer() == 1
      default: try scan.skipValue()
      }
    }
    try seen.require(upTo: 6)
    return isUSDMargined && change.symbol.isUSDTPerpetual ? .depth : .foreign
  }

  private mutating func levels(into list: inout [BookLevel]) throws(OtherShape) {
    try levels { price, quantity throws(OtherShape) in
      guard quantity >= 0 else { throw OtherShape() }
      list.append(
        BookLevel(
          Price(uncheckedCount: Int128(price)), Quantity(uncheckedCount: Int128(quantity))))
    }
  }

  mutating func bookTicker() throws(OtherShape) -> MarketFrame {
    var seen = Seen()
    var isUSDMargined = true
    var ticker = Ticker(
      venue: .binance, symbol: Symbol(venueName: ""), time: Timestamp(nanoseconds: 0))
    try fields { name, scan throws(OtherShape) in
      switch name {
      case "s":
        try seen.mark(0)
        ticker.symbol = try scan.symbol()
      case "b":
        try seen.mark(1)
        ticker.bid = try scan.priceIfSet()
      case "a":
        try seen.mark(2)
        ticker.ask = try scan.priceIfSet()
      case "E":
        try seen.mark(3)
        ticker.time = Timestamp(milliseconds: try scan.integer())
      case "st":
        try seen.mark(4)
        isUSDMargined = try scan.integer() == 1
      default: try scan.skipValue()
      }
    }
    try seen.require(upTo: 3)
    return isUSDMargined && ticker.symbol.isUSDTPerpetual ? .ticker(ticker) : .foreign
  }

  mutating func aggregateTrade() throws(OtherShape) -> MarketFrame {
    try numberedTrade(number: "a", isCounted: true)
  }

  mutating func trade() throws(OtherShape) -> MarketFrame {
    try numberedTrade(number: "t", isCounted: false)
  }

  /// - Parameters:
  ///   - number: The field that holds the number.
  ///   - isCounted: Nothing says whether it is a trade of the market: all are.
  private mutating func numberedTrade(
    number: StaticString, isCounted: Bool
  ) throws(OtherShape) -> MarketFrame {
    var seen = Seen()
    var isUSDMargined = true
    var isCounted = isCounted
    var id: Int64 = 0
    var trade = Trade(
      venue: .binance, symbol: Symbol(venueName: ""), price: .zero, quantity: .zero,
      aggressor: .buy, time: Timestamp(nanoseconds: 0))
    let countsAll = isCounted
    try fields { name, scan throws(OtherShape) in
      switch name {
      case "s":
        try seen.mark(0)
        trade.symbol = try scan.symbol()
      case "p":
        try seen.mark(1)
        trade.price = try scan.amount()
      case "q":
        try seen.mark(2)
        trade.quantity = try scan.amount()
      case "T":
        try seen.mark(3)
        trade.time = Timestamp(milliseconds: try scan.integer())
      case "m":
        try seen.mark(4)
        trade.aggressor = try scan.bool() ? .sell : .buy
      case _ where name == number:
        try seen.mark(5)
        id = try scan.integer()
      case "st":
        try seen.mark(6)
        isUSDMargined = try scan.integer() == 1
      case "X" where !countsAll:
        try seen.mark(7)
        isCounted = try scan.text() == "MARKET"
      default: try scan.skipValue()
      }
    }
    try seen.require(upTo: 5)
    guard isUSDMargined, trade.symbol.isUSDTPerpetual else { return .foreign }
    guard countsAll || isCounted || !seen.has(7) else { return .ignored("trade") }
    return .trade(NumberedTrade(number: id, trade: trade))
  }

  mutating func forceOrder() throws(OtherShape) -> MarketFrame {
    var seen = Seen()
    var isUSDMargined = true
    var event = Liquidation(
      venue: .binance, symbol: Symbol(venueName: ""), closed: .long, price: .zero,
      averagePrice: .zero, quantity: .zero, time: Timestamp(nanoseconds: 0))
    try fields { name, scan throws(OtherShape) in
      switch name {
      case "E":
        try seen.mark(0)
        event.time = Timestamp(milliseconds: try scan.integer())
      case "o":
        try seen.mark(1)
        try scan.forcedOrder(into: &event, &seen, &isUSDMargined)
      case "st":
        try seen.mark(2)
        if try scan.integer() != 1 { isUSDMargined = false }
      default: try scan.skipValue()
      }
    }
    try seen.require(upTo: 1)
    guard seen.has(3), seen.has(4), seen.has(5), seen.has(6), seen.has(7) else {
      throw OtherShape()
    }
    return isUSDMargined && event.symbol.isUSDTPerpetual ? .liquidation(event) : .foreign
  }

  private mutating func forcedOrder(
    into event: inout Liquidation, _ seen: inout Seen, _ isUSDMargined: inout Bool
  ) throws(OtherShape) {
    try object { name, scan throws(OtherShape) in
      switch name {
      case "s":
        try seen.mark(3)
        event.symbol = try scan.symbol()
      case "S":
        try seen.mark(4)
        switch try scan.text() {
        case "SELL": event.closed = .long
        case "BUY": event.closed = .short
        default: throw OtherShape()
        }
      case "p":
        try seen.mark(5)
        event.price = try scan.amount()
      case "ap":
        try seen.mark(6)
        event.averagePrice = try scan.amount()
      case "q":
        try seen.mark(7)
        event.quantity = try scan.amount()
      case "st":
        try seen.mark(8)
        if try scan.integer() != 1 { isUSDMargined = false }
      default: try scan.skipValue()
      }
    }
  }

  private mutating func symbol() throws(OtherShape) -> Symbol {
    Symbol(venueName: try text().string)
  }

  private mutating func priceIfSet() throws(OtherShape) -> Price? {
    let price: Price = try amount()
    return price.isZero ? nil : price
  }

  /// Which fields were there.
  private struct Seen {
    private var marks: UInt16 = 0

    mutating func mark(_ place: UInt16) throws(OtherShape) {
      guard marks & (1 << place) == 0 else { throw OtherShape() }
      marks |= 1 << place
    }

    func has(_ place: UInt16) -> Bool { marks & (1 << place) != 0 }

    /// All of them up to that place.
    func require(upTo last: UInt16) throws(OtherShape) {
      let all = UInt16((UInt32(1) << (UInt32(last) + 1)) - 1)
      guard marks & all == all else { throw OtherShape() }
    }
  }
}
