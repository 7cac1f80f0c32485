import TradingModel
import Transport

extension BybitREST {
  /// All rows of a paged list. Cursors are opaque: what came is sent back as it is.
  nonisolated(nonsending) func allRows(
    _ path: String, _ query: [(name: String, value: String)], signed: Bool = true
  ) async throws(VenueError) -> [JSONValue] {
    var rows: [JSONValue] = []
    var cursor = ""
    var seen: Set<String> = []
    for _ in 0..<Self.pageLimit {
      let page = try await get(
        path, cursor.isEmpty ? query : query + [("cursor", cursor.percentDecoded)], signed: signed)
      let found = try reading { () throws(JSONError) in try page.array("list") }
      rows += found
      let next = page["nextPageCursor"]?.stringValue ?? ""
      // Some lists name a next page after the last one: it is empty.
      if next.isEmpty || found.isEmpty { return rows }
      guard seen.insert(next).inserted else { throw .malformed("\(path): the pages repeat") }
      cursor = next
    }
    throw .malformed("\(path): the pages do not end")
  }

  /// All rows between two times of a list that tells seven days at once and two years at most. A
  /// row on the border of two spans comes twice.
  /// - Parameter last: Nil is now.
  nonisolated(nonsending) func rows(
    _ path: String, _ query: [(name: String, value: String)], since start: Timestamp,
    to last: Timestamp? = nil
  ) async throws(VenueError) -> [JSONValue] {
    let end = last ?? now
    var from = max(start, end - .hours(24 * 729))
    var rows: [JSONValue] = []
    repeat {
      let to = min(
        from + .hours(24 * 7) - .minutes(1), last == nil ? end + .minutes(1) : end)
      rows += try await allRows(
        path,
        query + [("startTime", "\(from.milliseconds)"), ("endTime", "\(to.milliseconds)")])
      from = to
    } while from < end
    return rows
  }

  /// Far more than any list has.
  private static var pageLimit: Int { 200 }
}

extension String {
  /// Cursors come percent-encoded inside JSON and are encoded once more by a query: they are sent
  /// back as they came.
  fileprivate var percentDecoded: String {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
