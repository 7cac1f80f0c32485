import Chat
import GRDB
import TradingModel

/// What went wrong inside, before it takes the form of the port that was called.
enum StoreFailure: Error, Hashable, Sendable {
  case unwritable(String)
  case unreadable(String)

  init(writing error: any Error) {
    switch error {
    case let failure as StoreFailure: self = failure
    case let error as RowError: self = .unreadable(error.description)
    case let error as DatabaseError: self = .unwritable(error.words)
    default: self = .unwritable(String(describing: error))
    }
  }

  init(reading error: any Error) {
    switch error {
    case let failure as StoreFailure: self = failure
    case let error as RowError: self = .unreadable(error.description)
    case let error as DatabaseError: self = .unreadable(error.words)
    default: self = .unreadable(String(describing: error))
    }
  }

  /// The record itself can't be written; others can.
  static func isOfTheRecord(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return true }
    switch error.resultCode {
    case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG: return true
    default: return false
    }
  }

  var words: String {
    switch self {
    case .unwritable(let why), .unreadable(let why): why
    }
  }

  var asJournalError: JournalError {
    switch self {
    case .unwritable(let why): .unwritable(why)
    case .unreadable(let why): .unreadable(why)
    }
  }

  var asChatStoreError: ChatStoreError {
    switch self {
    case .unwritable(let why): .unwritable(why)
    case .unreadable(let why): .unreadable(why)
    }
  }
}

extension DatabaseError {
  /// The cause as the operator reads it, with SQLite's own words behind.
  var words: String {
    let cause =
      switch resultCode {
      case .SQLITE_FULL: "the disk is full"
      case .SQLITE_READONLY: "the file is read-only"
      case .SQLITE_BUSY, .SQLITE_LOCKED: "another program holds the file"
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: "the file is damaged"
      case .SQLITE_CANTOPEN: "the file can't be opened"
      case .SQLITE_IOERR: "the disk failed"
      case .SQLITE_MISUSE: "the journal is closed"
      default: "SQLite refused"
      }
    return "\(cause) (\(resultCode.rawValue): \(message ?? "no message"))"
  }

  var isDamage: Bool { resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB }
}
