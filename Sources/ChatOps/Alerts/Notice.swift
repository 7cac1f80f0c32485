import Chat
import TradingModel

/// An alert in words, and how it goes on: what it is about, whom it concerns, when it is told again.
struct Notice: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    /// Begins or goes on; one message per key, edited while it fires.
    case firing
    /// Ends what fired under the key: a silent reply.
    case resolved
    /// Happened; nothing is expected to follow.
    case news
  }

  var key: String
  var kind: Kind
  var lines: [Line]
  var tables: [String] = []
  /// Commands without arguments: such buttons work after a restart.
  var buttons: [[NoticeButton]] = []
  /// Who is told.
  var audience: Role = .viewer
  /// What an edit is worth being made for: the value has moved by `step`.
  var measure: Ratio?
  var step: Ratio = .percent(1)
  /// Arrives without sound whatever its class.
  var isQuiet = false
  /// What became of it is shown at once, not after the pace of edits.
  var isPrompt = false
  /// What a command's own message may tell, too.
  var subject: Subject?

  enum Subject: Sendable, Hashable {
    case command(CommandID)
    case lock(Lock.Kind, isLifted: Bool)
  }

  func reply(isSilent: Bool) -> Reply {
    var blocks = lines.map { Block.line($0) }
    if !tables.isEmpty { blocks.append(.table(tables)) }
    return Reply(
      blocks,
      buttons: buttons.map { row in
        row.map { button in
          let action = Action.open(button.command)
          return Button(
            Choice(button.label, action).label,
            data: OfferBook.data(for: action, nonce: "", index: 0), style: button.style)
        }
      }, isSilent: isSilent)
  }

  var plainText: String { lines.map(\.plainText).joined(separator: "\n") }
}

struct NoticeButton: Sendable, Hashable {
  let label: String
  let command: String
  var style: Button.Style = .normal
}

extension Alert.Severity {
  var lane: ChatLane {
    switch self {
    case .p0: .urgent
    case .p1: .important
    case .p2, .p3: .news
    }
  }

  var isSilent: Bool { self >= .p2 }

  /// How long it is worth telling: P2 10 min, P1 2 h, P0 for ever.
  var lifetime: Duration? {
    switch self {
    case .p0: nil
    case .p1: .hours(2)
    case .p2, .p3: .minutes(10)
    }
  }
}
