import Logging
import Synchronization
import TestSupport
import Testing

@testable import Quarterdeck

struct ConsoleLogTests {
  private final class Paper: Sendable {
    private let written = Mutex("")
    var text: String { written.withLock { $0 } }
    func write(_ line: String) { written.withLock { $0 += line } }
  }

  @Test
  func `an event is one line: time, level, label, text, facts`() {
    let paper = Paper()
    var log = Logger(label: "bybit") { label in
      ConsoleLog(label: label, clock: ManualClock(), write: paper.write)
    }
    log[metadataKey: "account"] = "main"
    log.warning("refused", metadata: ["why": "a line\nand another", "code": "10004"])
    log.info("open")
    log.debug("too small to tell")
    #expect(
      paper.text == """
        2026-11-20 12:00:00 warning bybit: refused · account: main, code: 10004, why: a line and another
        2026-11-20 12:00:00 info bybit: open · account: main

        """)
  }
}
