import Logging
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

/// Damaged frames: nothing crashes, and what the scanner takes simdjson takes, with the same values.
struct FrameDamageTests {
  private func frames() throws -> [[UInt8]] {
    try ["bybit/ws-public", "bybit/live"].flatMap { try Recorded.all(under: $0) }
      .filter { $0.json["topic"] != nil }.map(\.json.bytes)
      + (try Recorded.all(under: "bybit/l2").prefix(3).map(\.json.bytes))
  }

  private func handler(_ book: EventBook) -> PublicHandler {
    PublicHandler(
      topics: PublicTopics(), links: [.prices],
      tally: FrameTally(), clock: ManualClock(),
      log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() }, publish: book.take)
  }

  @Test func `a frame that breaks off is never read`() throws {
    for frame in try frames() {
      let book = EventBook()
      let handler = handler(book)
      for length in stride(from: 1, to: frame.count, by: max(1, frame.count / 150)) {
        let isRead = frame[..<length].withUnsafeBytes { handler.received($0, kind: .text) }
        #expect(!isRead, "\(String(decoding: frame[..<length], as: UTF8.self))")
      }
      #expect(book.market == [])
    }
  }

  @Test func `a changed byte never makes the two readers disagree`() throws {
    let chance = SeededRandom(seed: 7)
    let alphabet = Array(#"0123456789.-"[]{},:eabTS"#.utf8) + [0, 0x1F, 0x80, 0xFF]
    let reader = JSONReader()
    var taken = 0
    for frame in try frames() {
      for _ in 0..<200 {
        var damaged = frame
        for _ in 0...chance.next(below: 2) {
          let place = Int(chance.next(below: UInt64(damaged.count)))
          damaged[place] = alphabet[Int(chance.next(below: UInt64(alphabet.count)))]
        }
        taken += damaged.withUnsafeBytes { bytes in agree(on: bytes, reader) ? 1 : 0 }
      }
    }
    guard Fixtures.root != nil else { return }
    // Many are still whole frames: a digit for a digit.
    #expect(taken > 500)
  }

  /// Whether the scanner took it; then so must the other, alike.
  private func agree(on bytes: UnsafeRawBufferPointer, _ reader: JSONReader) -> Bool {
    var (fastBook, slowBook) = (BookFrame(), BookFrame())
    if scans({ () throws(OtherShape) in _ = try fastBook.scan(bytes) }) {
      let isRead = reads(bytes, reader) { root throws(JSONError) in try slowBook.read(root) }
      #expect(isRead && fastBook.bids == slowBook.bids && fastBook.asks == slowBook.asks)
      #expect(fastBook.updateID == slowBook.updateID && fastBook.time == slowBook.time)
      return true
    }
    var (fastTicker, slowTicker) = (TickerFrame(), TickerFrame())
    if scans({ () throws(OtherShape) in _ = try fastTicker.scan(bytes) }) {
      let isRead = reads(bytes, reader) { root throws(JSONError) in try slowTicker.read(root) }
      #expect(isRead && fastTicker == slowTicker)
      return true
    }
    var (fastTape, slowTape) = (TradeFrame(), TradeFrame())
    let symbol = { (name: FrameText) in Symbol(venueName: name.string) }
    if scans({ () throws(OtherShape) in try fastTape.scan(bytes, symbol: symbol) }) {
      let isRead = reads(bytes, reader) { root throws(JSONError) in try slowTape.read(root) }
      #expect(isRead && fastTape.trades == slowTape.trades)
      return true
    }
    return false
  }

  private func scans(_ body: () throws(OtherShape) -> Void) -> Bool {
    do throws(OtherShape) {
      try body()
      return true
    } catch {
      return false
    }
  }

  private func reads(
    _ bytes: UnsafeRawBufferPointer, _ reader: JSONReader,
    _ body: (JSONView) throws(JSONError) -> Void
  ) -> Bool {
    do throws(JSONError) {
      try reader.read(bytes) { root throws(JSONError) in try body(root) }
      return true
    } catch {
      return false
    }
  }
}
