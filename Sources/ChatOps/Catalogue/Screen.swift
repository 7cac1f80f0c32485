import Chat
import TradingModel

/// What a command shows: a reply whose buttons say what they do, but carry no data yet.
struct Screen: Sendable, Hashable {
  var blocks: [Block]
  var choices: [[Choice]]

  init(_ blocks: [Block], choices: [[Choice]] = []) {
    self.blocks = blocks
    self.choices = choices
  }

  init(_ lines: [String], choices: [[Choice]] = []) {
    self.init(lines.map { .line(Line($0)) }, choices: choices)
  }

  var plainText: String { blocks.map(\.plainText).joined(separator: "\n") }
  /// For toasts and the journal.
  var firstLine: String { blocks.first?.plainText ?? "" }

  /// Without the buttons of what the guard can't do.
  var inGuard: Screen {
    let left = choices.map { row in
      row.filter { choice in
        guard case .open(let name, _, _) = choice.action else { return true }
        return CommandCatalog.command(named: name)?.worksInGuard == true
      }
    }
    return Screen(blocks, choices: left.filter { !$0.isEmpty })
  }

  func adding(_ lines: [String]) -> Screen {
    Screen(blocks + lines.map { .line(Line($0)) }, choices: choices)
  }
}

/// A button and what it does.
struct Choice: Sendable, Hashable {
  static let labelLimit = 20

  let label: String
  let action: Action
  let style: Button.Style

  init(_ label: String, _ action: Action, style: Button.Style = .normal) {
    self.label =
      label.count <= Self.labelLimit ? label : label.prefix(Self.labelLimit - 1) + "…"
    self.action = action
    self.style = style
  }
}

/// What a tap leads to. It never leaves the process: a button carries a nonce and an index.
enum Action: Sendable, Hashable {
  /// Runs a command as if the person who taps had typed it.
  case open(command: String, arguments: String, inPlace: Bool)
  /// The confirmation of a preview.
  case confirm(OperatorCommand.Deed)
  /// The preview is put away; nothing is done.
  case keep
  /// Takes back what was done, at once, as a command of its own. It can't be undone in its turn.
  case undo(OperatorCommand.Deed)

  static func open(_ command: String, _ arguments: String = "") -> Action {
    .open(command: command, arguments: arguments, inPlace: false)
  }

  static func turn(_ command: String, _ arguments: String = "") -> Action {
    .open(command: command, arguments: arguments, inPlace: true)
  }

  /// Works once, and only for the person it was shown to.
  var isBinding: Bool {
    switch self {
    case .open: false
    case .confirm, .keep, .undo: true
    }
  }
}
