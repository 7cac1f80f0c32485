import Foundation
import Logging

/// The log goes to standard error, a line an event: time, level, label, text, facts.
enum Logs {
  static func start(at level: Logger.Level) {
    LoggingSystem.bootstrap { label in
      var handler = StreamLogHandler.standardError(label: label)
      handler.logLevel = level
      return handler
    }
  }

  /// For commands whose terminal belongs to the chat.
  static func silence() { LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() } }
}
