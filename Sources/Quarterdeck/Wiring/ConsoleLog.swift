import Foundation
import Logging
import TradingModel

/// A log for whoever reads the terminal: a line an event, and in it time in UTC, level, label, text
/// and facts: `12:04:31 warning bybit: Bybit can't be reached, trying again · why: no connection`.
struct ConsoleLog: LogHandler {
  var logLevel: Logger.Level = .info
  var metadata: Logger.Metadata = [:]
  private let label: String
  private let clock: any WallClock
  private let write: @Sendable (String) -> Void

  /// - Parameter write: Takes a whole line, its end included.
  init(
    label: String, clock: any WallClock = SystemClock(),
    write: @escaping @Sendable (String) -> Void = ConsoleLog.toStandardError
  ) {
    self.label = label
    self.clock = clock
    self.write = write
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
      .map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    let text = "\(event.message)" + (facts.isEmpty ? "" : " · \(facts)")
    // What came from outside must not begin a line of its own.
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    write("\(clock.now.day) \(clock.now.clockText) \(event.level) \(label): \(line)\n")
  }

  @Sendable static func toStandardError(_ line: String) {
    // A reader that went away is no reason to crash.
    try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
  }
}
