import TradingModel
import Transport

/// A frame of `orderbook.DEPTH.SYMBOL`. Filled over and over: after the first frames it allocates
/// nothing.
///
/// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook
struct BookFrame {
  var isSnapshot = false
  var bids: [BookLevel] = []
  var asks: [BookLevel] = []
  var updateID: Int64 = 0
  /// When the matching engine wrote it; the gateway's time where it does not say.
  var time = Timestamp(nanoseconds: 0)

  private mutating func clear() {
    bids.removeAll(keepingCapacity: true)
    asks.removeAll(keepingCapacity: true)
  }

  /// Reads a compact frame from its bytes, its fields in any order.
  /// - Returns: The topic, in place.
  mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(OtherShape) -> FrameText {
    clear()
    var seen = Seen()
    var topic: FrameText?
    var sent: Int64 = 0
    var written: Int64?
    var scan = FrameScanner(bytes)
    try scan.object { name, scan throws(OtherShape) in
      switch name {
      case "topic":
        try seen.mark(0)
        topic = try scan.text()
      case "type":
        try seen.mark(1)
        let type = try scan.text()
        if type == "snapshot" {
          isSnapshot = true
        } else if type == "delta" {
          isSnapshot = false
        } else {
          throw OtherShape()
        }
      case "ts":
        try seen.mark(2)
        sent = try scan.integer()
      case "cts":
        try seen.mark(3)
        written = try scan.integer()
      case "data":
        try seen.mark(4)
        try scanData(&scan)
      default: try scan.skipValue()
      }
    }
    try scan.end()
    guard let topic, seen.has(1), seen.has(2), seen.has(4) else { throw OtherShape() }
    time = Timestamp(milliseconds: written ?? sent)
    return topic
  }

  private mutating func scanData(_ scan: inout FrameScanner) throws(OtherShape) {
    var seen = Seen()
    try scan.object { name, scan throws(OtherShape) in
      switch name {
      case "b":
        try seen.mark(0)
        try scan.levels { price, quantity throws(OtherShape) in
          bids.append(try Self.level(price, quantity))
        }
      case "a":
        try seen.mark(1)
        try scan.levels { price, quantity throws(OtherShape) in
          asks.append(try Self.level(price, quantity))
        }
      case "u":
        try seen.mark(2)
        updateID = try scan.integer()
      default: try scan.skipValue()
      }
    }
    guard seen.has(0), seen.has(1), seen.has(2) else { throw OtherShape() }
  }

  @inline(__always)
  private static func level(
    _ price: Int64, _ quantity: Int64
  ) throws(OtherShape) -> BookLevel {
    guard price > 0, quantity >= 0 else { throw OtherShape() }
    return BookLevel(
      Price(uncheckedCount: Int128(price)), Quantity(uncheckedCount: Int128(quantity)))
  }

  /// Reads a frame that simdjson has checked.
  mutating func read(_ root: JSONView) throws(JSONError) {
    clear()
    let type = try root.required("type")
    if type.isString("snapshot") {
      isSnapshot = true
    } else if type.isString("delta") {
      isSnapshot = false
    } else {
      throw .wrongKind(path: "type", expected: "snapshot or delta", found: type.kind)
    }
    let sent = try root.integer("ts")
    time = Timestamp(milliseconds: try root.optionalInteger("cts") ?? sent)
    let data = try root.required("data")
    updateID = try data.integer("u")
    try Self.read(try data.required("b"), "b", into: &bids)
    try Self.read(try data.required("a"), "a", into: &asks)
  }

  private static func read(
    _ side: JSONView, _ path: String, into levels: inout [BookLevel]
  ) throws(JSONError) {
    guard side.kind == .array else {
      throw .wrongKind(path: "data.\(path)", expected: "an array", found: side.kind)
    }
    for row in side.elements {
      var parts = row.elements
      guard let price = parts.next(), let quantity = parts.next() else {
        throw .missing(path: "data.\(path)[\(levels.count)][1]")
      }
      let level = BookLevel(try price.amount(), try quantity.amount())
      guard level.price > .zero, level.quantity >= .zero else {
        throw .wrongKind(
          path: "data.\(path)[\(levels.count)]", expected: "a level above zero", found: .number)
      }
      levels.append(level)
    }
  }
}

/// Which fields of a frame were there: one that stands twice is left to the other reader.
struct Seen {
  private var bits: UInt32 = 0

  @inline(__always)
  mutating func mark(_ field: UInt32) throws(OtherShape) {
    guard !has(field) else { throw OtherShape() }
    bits |= 1 << field
  }

  @inline(__always)
  func has(_ field: UInt32) -> Bool { bits & (1 << field) != 0 }
}
