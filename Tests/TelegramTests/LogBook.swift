import Logging
import Synchronization

/// Everything that was logged, as text.
final class LogBook: Sendable {
  private let state = Mutex<[String]>([])

  var lines: [String] { state.withLock { $0 } }

  /// What was logged at warning or above.
  var warnings: [String] { lines.filter { $0.hasPrefix("warning") || $0.hasPrefix("error") } }

  func logger() -> Logger { Logger(label: "telegram") { _ in Handler(book: self) } }

  private struct Handler: LogHandler {
    let book: LogBook
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let details = (event.metadata ?? [:]).map { " \($0)=\($1)" }.sorted().joined()
      book.state.withLock { $0.append("\(event.level) \(event.message)\(details)") }
    }
  }
}
