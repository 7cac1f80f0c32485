import Logging
import Synchronization
import TestSupport
import Testing
import TradingModel
import Transport

struct OutageTests {
  private final class Book: Sendable {
    private let written = Mutex<[String]>([])
    var lines: [String] { written.withLock { $0 } }
    func write(_ line: String) { written.withLock { $0.append(line) } }
  }

  private struct Handler: LogHandler {
    let book: Book
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let facts = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
      book.write("\(event.level) \(event.message) \(facts.joined(separator: " "))")
    }
  }

  private let book = Book()
  private let clock = ManualClock()
  private let outage: Outage

  init() {
    let handler = Handler(book: book)
    outage = Outage(of: "Bybit", clock: clock, log: Logger(label: "test") { _ in handler })
  }

  @Test func `what was never out of reach is not told to be back`() {
    #expect(!outage.end())
    #expect(book.lines.isEmpty)
  }

  @Test func `it is told once when it begins and once when it ends`() {
    for _ in 0..<50 {
      outage.note("no connection")
      clock.advance(by: .seconds(1))
    }
    #expect(outage.end())
    #expect(!outage.end())
    #expect(
      book.lines == [
        "warning Bybit can't be reached, trying again why=no connection",
        "info Bybit is back after=50 s attempts=50",
      ])
  }

  @Test func `it is recalled at growing intervals, with what is wrong now`() {
    let start = clock.now
    var minutes: [Int64] = []
    for count in 0..<(4 * 360) {
      let before = book.lines.count
      outage.note("reason \(count)")
      if book.lines.count > before { minutes.append((clock.now - start).wholeSeconds / 60) }
      clock.advance(by: .seconds(15))
    }
    #expect(minutes == [0, 1, 5, 15, 75, 135, 195, 255, 315])
    #expect(
      book.lines[1]
        == "warning Bybit still can't be reached attempts=5 since=12:00:00 why=reason 4")
  }

  @Test func `a second spell begins anew`() {
    outage.note("one")
    outage.end()
    outage.note("two")
    #expect(book.lines.last == "warning Bybit can't be reached, trying again why=two")
  }
}
