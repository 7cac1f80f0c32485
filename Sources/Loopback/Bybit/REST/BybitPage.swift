import TradingModel
import Transport

/// A part of a long list that is sorted by its keys. Cursors are percent-encoded, as Bybit sends
/// them, and come back as they are or decoded: both are understood.
struct BybitPage<Row> {
  enum Order {
    case ascending
    /// Newest first, where ids ascend with time.
    case descending
  }

  let rows: [Row]
  /// Empty at the end.
  let nextCursor: String

  /// - Parameters:
  ///   - key: What names a row in a cursor. The list is sorted by it.
  ///   - cursor: From the page before, whose last row may be gone by now; nil for the first page.
  /// - Throws: 10001 for what is no cursor.
  init(
    _ all: [Row], _ order: Order, limit: Int, after cursor: String?, key: (Row) -> String
  ) throws(BybitRefusal) {
    var start = all.startIndex
    if let cursor {
      guard let last = Self.name(in: cursor) else { throw .parameter("cursor") }
      start =
        all.firstIndex { order == .ascending ? key($0) > last : key($0) < last } ?? all.endIndex
    }
    rows = Array(all[start...].prefix(limit))
    let hasMore = start + rows.count < all.count
    nextCursor = hasMore ? rows.last.map { "page_args%3D\(key($0))%26" } ?? "" : ""
  }

  private static func name(in cursor: String) -> String? {
    let plain = PercentCoding.decode(cursor)
    guard plain.hasPrefix("page_args="), plain.hasSuffix("&") else { return nil }
    return String(plain.dropFirst("page_args=".count).dropLast())
  }

  /// A number as a name that sorts like it.
  static func name(of number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
  }

  /// `list`, `nextPageCursor` and `category`, as every list has them.
  func result(_ row: (Row) -> JSONObject) -> JSONObject {
    [
      "list": .array(rows.map { .object(row($0)) }), "nextPageCursor": .string(nextCursor),
      "category": "linear",
    ]
  }
}
