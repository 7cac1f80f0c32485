import TradingModel
import Transport

/// A `depthUpdate`: what changed in a book between two update ids. Quantities are absolute, zero
/// removes a level.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Diff-Book-Depth-Streams
struct DepthChange: Sendable, Hashable {
  var symbol = Symbol(venueName: "")
  /// `U` and `u`: the first and last update inside.
  var firstID: Int64 = 0
  var lastID: Int64 = 0
  /// `pu`: the last update of the change before. Ids have holes: this, not `U`, tells of gaps.
  var previousID: Int64 = 0
  /// When the matching engine made it.
  var time = Timestamp(nanoseconds: 0)
  var bids: [BookLevel] = []
  var asks: [BookLevel] = []

  /// Empties it, keeping the memory.
  mutating func clear() {
    bids.removeAll(keepingCapacity: true)
    asks.removeAll(keepingCapacity: true)
  }

  /// Reads the event over what was there.
  mutating func read(_ event: JSONView) throws(JSONError) {
    clear()
    symbol = Symbol(venueName: try event.string("s"))
    firstID = try event.integer("U")
    lastID = try event.integer("u")
    previousID = try event.integer("pu")
    time = Timestamp(milliseconds: try event.integer("T"))
    try Self.read(event.required("b"), "b", into: &bids)
    try Self.read(event.required("a"), "a", into: &asks)
  }

  private static func read(
    _ levels: JSONView, _ name: String, into list: inout [BookLevel]
  ) throws(JSONError) {
    guard levels.kind == .array else {
      throw .wrongKind(path: name, expected: "an array", found: levels.kind)
    }
    for level in levels.elements {
      var pair = level.elements
      guard let price = pair.next(), let quantity = pair.next() else {
        throw .missing(path: "\(name)[]")
      }
      let size: Quantity = try quantity.amount()
      guard size >= .zero else {
        throw .badNumber(path: "\(name)[]", .notANumber(size.description))
      }
      list.append(BookLevel(try price.amount(), size))
    }
  }
}
