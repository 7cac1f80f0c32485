import ArgumentParser
import Logging

/// The log goes to standard error.
enum Logs {
  static func start(at level: LogLevel) {
    LoggingSystem.bootstrap { label in
      var handler = ConsoleLog(label: label)
      handler.logLevel = level.level
      return handler
    }
  }

  /// For commands whose terminal belongs to the chat.
  static func silence() { LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() } }
}

/// How much the log says, as written on the command line.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
  case trace, debug, info, notice, warning, error

  var level: Logger.Level {
    switch self {
    case .trace: .trace
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    }
  }
}
