import Chat
import ControlServer
import Foundation
import Journal
import TradingModel

/// Keeps commands that came in by HTTP or from the command line with those of the chat, so that all
/// stand in one chain, and one that a crash cut off is taken up again.
actor JournalControlLog: ControlLog {
  private let log: any CommandLog
  private let clock: any WallClock
  private var rows: [CommandID: CommandRow] = [:]

  init(log: any CommandLog, clock: any WallClock) {
    self.log = log
    self.clock = clock
  }

  func begin(_ command: ControlCommand) async -> CommandID? {
    var row = CommandRow(
      update: 0, person: nil, personName: command.by, address: ChatAddress(.none), request: nil,
      name: command.deed.name, arguments: command.why, deed: Self.text(of: command.deed),
      stage: .executing, receivedAt: command.at.milliseconds,
      changedAt: clock.now.milliseconds)
    do {
      row.number = try await log.add(row)
    } catch {
      return nil
    }
    let id = CommandID(row.number)
    rows[id] = row
    return id
  }

  func end(_ id: CommandID, _ ending: ControlEnding, detail: String) async {
    guard var row = rows.removeValue(forKey: id) else { return }
    row.stage =
      switch ending {
      case .done: .reported
      case .refused: .refused
      case .failed: .failed
      }
    row.detail = detail
    row.changedAt = clock.now.milliseconds
    do { try await log.update(row) } catch {
      // It stays unfinished, and the next start says so.
    }
  }

  /// As the chat writes it, which takes it up again after a crash.
  private static func text(of deed: OperatorCommand.Deed) -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do { return String(decoding: try encoder.encode(deed), as: UTF8.self) } catch { return nil }
  }
}

extension OperatorCommand.Deed {
  /// As it would be typed in the chat.
  fileprivate var name: String {
    switch self {
    case .panic, .panicWithLongterm: "panic"
    case .unlock: "unlock"
    case .close: "close"
    case .kill: "kill"
    case .pause: "pause"
    case .resume: "resume"
    case .allow: "allow"
    case .deny: "deny"
    }
  }
}
