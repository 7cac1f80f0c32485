import TradingModel
import Transport

/// A frame of `publicTrade.SYMBOL`: up to 1024 prints. Block trades, agreed beside the book, are
/// left out.
///
/// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/trade
struct TradeFrame {
  private(set) var trades: [Trade] = []

  /// Reads a compact frame from its bytes.
  /// - Parameter symbol: Of a name in the frame.
  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, symbol: (FrameText) -> Symbol
  ) throws(OtherShape) {
    trades.removeAll(keepingCapacity: true)
    var seen = Seen()
    var scan = FrameScanner(bytes)
    try scan.object { name, scan throws(OtherShape) in
      if name == "data" {
        try seen.mark(0)
        try scan.array { scan throws(OtherShape) in
          if let trade = try Self.row(&scan, symbol) { trades.append(trade) }
        }
      } else {
        try scan.skipValue()
      }
    }
    try scan.end()
    guard seen.has(0) else { throw OtherShape() }
  }

  private static func row(
    _ scan: inout FrameScanner, _ symbol: (FrameText) -> Symbol
  ) throws(OtherShape) -> Trade? {
    var row = TapeRow()
    var isBlock = false
    try scan.object { name, scan throws(OtherShape) in
      if name == "BT" {
        try row.seen.mark(31)
        isBlock = try scan.bool()
      } else {
        try row.take(name, &scan)
      }
    }
    let (text, isBuy) = try row.whole()
    if isBlock { return nil }
    return Trade(
      venue: .bybit, symbol: symbol(text), price: row.price, quantity: row.quantity,
      aggressor: isBuy ? .buy : .sell, time: row.time)
  }

  /// Reads a frame that simdjson has checked.
  mutating func read(_ root: JSONView) throws(JSONError) {
    trades.removeAll(keepingCapacity: true)
    for row in try root.required("data").elements {
      if let trade = try Trade(bybit: row) { trades.append(trade) }
    }
  }
}

/// A frame of `allLiquidation.SYMBOL`.
///
/// Bybit names the side of the **position**: Buy was a long. It gives one price, the bankruptcy
/// price.
///
/// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/all-liquidation
struct LiquidationFrame {
  private(set) var liquidations: [Liquidation] = []

  /// Reads a compact frame from its bytes.
  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, symbol: (FrameText) -> Symbol
  ) throws(OtherShape) {
    liquidations.removeAll(keepingCapacity: true)
    var seen = Seen()
    var scan = FrameScanner(bytes)
    try scan.object { name, scan throws(OtherShape) in
      if name == "data" {
        try seen.mark(0)
        try scan.array { scan throws(OtherShape) in
          liquidations.append(try Self.row(&scan, symbol))
        }
      } else {
        try scan.skipValue()
      }
    }
    try scan.end()
    guard seen.has(0) else { throw OtherShape() }
  }

  private static func row(
    _ scan: inout FrameScanner, _ symbol: (FrameText) -> Symbol
  ) throws(OtherShape) -> Liquidation {
    var row = TapeRow()
    try scan.object { name, scan throws(OtherShape) in try row.take(name, &scan) }
    let (text, isBuy) = try row.whole()
    return Liquidation(
      venue: .bybit, symbol: symbol(text), closed: isBuy ? .long : .short, price: row.price,
      averagePrice: row.price, quantity: row.quantity, time: row.time)
  }

  /// Reads a frame that simdjson has checked.
  mutating func read(_ root: JSONView) throws(JSONError) {
    liquidations.removeAll(keepingCapacity: true)
    for row in try root.required("data").elements {
      liquidations.append(try Liquidation(bybit: row))
    }
  }
}

/// What prints and liquidations have in common: time, symbol, side, volume, price.
private struct TapeRow {
  var seen = Seen()
  var symbol: FrameText?
  var isBuy: Bool?
  var price = Price.zero
  var quantity = Quantity.zero
  var time = Timestamp(nanoseconds: 0)

  mutating func take(_ name: FrameText, _ scan: inout FrameScanner) throws(OtherShape) {
    switch name {
    case "T":
      try seen.mark(0)
      time = Timestamp(milliseconds: try scan.integer())
    case "s":
      try seen.mark(1)
      symbol = try scan.text()
    case "S":
      try seen.mark(2)
      let side = try scan.text()
      if side == "Buy" {
        isBuy = true
      } else if side == "Sell" {
        isBuy = false
      } else {
        throw OtherShape()
      }
    case "v":
      try seen.mark(3)
      quantity = try scan.amount()
    case "p":
      try seen.mark(4)
      price = try scan.amount()
    default: try scan.skipValue()
    }
  }

  func whole() throws(OtherShape) -> (symbol: FrameText, isBuy: Bool) {
    guard let symbol, let isBuy, seen.has(0), seen.has(3), seen.has(4) else { throw OtherShape() }
    return (symbol, isBuy)
  }
}
