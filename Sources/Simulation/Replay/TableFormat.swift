import TradingModel

/// Tables of recorded market events: comma-separated, without a header.
public enum TableFormat: String, Sendable, Hashable, CaseIterable {
  /// Binance `forceOrder`: symbol, side of the order, type, time in force, quantity, price, average
  /// price, status, last filled quantity, filled quantity, trade time in ms, value in USD.
  case liquidations
  /// Binance `aggTrade`: event time in ms, symbol, id, price, quantity, trade time in ms, whether
  /// the buyer was the maker.
  case trades

  /// The format of a line with these fields; nil for none that is known.
  static func detect(_ fields: [Substring]) -> TableFormat? {
    if fields.count == 12, Side(orderSide: fields[1]) != nil { return .liquidations }
    if fields.count == 7, Bool(pythonText: fields[6]) != nil { return .trades }
    return nil
  }

  func read(_ fields: [Substring]) throws(UnusableLine) -> RecordedEvent {
    switch self {
    case .liquidations: try Self.liquidation(fields)
    case .trades: try Self.trade(fields)
    }
  }

  private static func liquidation(
    _ fields: [Substring]
  ) throws(UnusableLine) -> RecordedEvent {
    guard fields.count == 12 else { throw .malformed("\(fields.count) columns instead of 12") }
    guard let side = Side(orderSide: fields[1]) else { throw .malformed("side \(fields[1])") }
    let price: Price = try positive(fields[5], "price")
    // One recorder wrote `None` where the average was not told; the limit is the nearest known.
    let average: Price = fields[6] == "None" ? price : try positive(fields[6], "average price")
    let time = try time(fields[10])
    // The order's side: SELL closed a long.
    let liquidation = Liquidation(
      venue: .binance, symbol: try symbol(fields[0]), closed: side == .sell ? .long : .short,
      price: price, averagePrice: average, quantity: try positive(fields[9], "quantity"),
      time: time)
    return RecordedEvent(.liquidation(liquidation), arrival: time)
  }

  private static func trade(_ fields: [Substring]) throws(UnusableLine) -> RecordedEvent {
    guard fields.count == 7 else { throw .malformed("\(fields.count) columns instead of 7") }
    guard let buyerIsMaker = Bool(pythonText: fields[6]) else {
      throw .malformed("buyer is maker: \(fields[6])")
    }
    let arrival = try time(fields[0])
    let trade = Trade(
      venue: .binance, symbol: try symbol(fields[1]), price: try positive(fields[3], "price"),
      quantity: try positive(fields[4], "quantity"), aggressor: buyerIsMaker ? .sell : .buy,
      time: isClockText(fields[5]) ? arrival : try time(fields[5]))
    return RecordedEvent(.trade(trade), arrival: arrival)
  }

  /// `15:40:27`: one recorder wrote the trade time by the clock on its wall for a while. The event
  /// time, which lies some milliseconds behind, stands in.
  private static func isClockText(_ text: Substring) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 3 && parts.allSatisfy { $0.count == 2 && UInt8($0) != nil }
  }

  /// A recorder that strips the quote leaves that of other quotes: those are other contracts.
  private static func symbol(_ text: Substring) throws(UnusableLine) -> Symbol {
    guard !text.hasSuffix("USDC") else { throw .otherContract }
    guard let symbol = Symbol(text) else { throw .malformed("symbol \(text)") }
    return symbol
  }

  private static func positive<Amount: ExactAmount>(
    _ text: Substring, _ name: String
  ) throws(UnusableLine) -> Amount {
    let amount: Amount
    do { amount = try Amount(text) } catch { throw .malformed("\(name): \(error)") }
    guard amount > .zero else { throw .malformed("\(name) is \(amount)") }
    return amount
  }

  /// Milliseconds between 2000 and 2100.
  private static func time(_ text: Substring) throws(UnusableLine) -> Timestamp {
    guard let milliseconds = Int64(text),
      (946_684_800_000..<4_102_444_800_000).contains(milliseconds)
    else { throw .malformed("time \(text)") }
    return Timestamp(milliseconds: milliseconds)
  }
}

/// Why a line gives no event.
enum UnusableLine: Error {
  case malformed(String)
  /// A contract that is not quoted in USDT: not for us, but nothing wrong with it.
  case otherContract
}

extension Side {
  fileprivate init?(orderSide text: Substring) {
    switch text {
    case "BUY": self = .buy
    case "SELL": self = .sell
    default: return nil
    }
  }
}

extension Bool {
  fileprivate init?(pythonText text: Substring) {
    switch text {
    case "True": self = true
    case "False": self = false
    default: return nil
    }
  }
}
