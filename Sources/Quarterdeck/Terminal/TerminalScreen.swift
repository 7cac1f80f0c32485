import Foundation

/// A message as a terminal shows it.
struct TerminalMessage: Sendable, Hashable {
  var lines: [String]
  /// Labels of the buttons, row by row.
  var buttons: [[String]]
  /// The number of the first button; the others follow.
  var firstNumber = 1
  var isEdited: Bool
  /// Said by the person at the keyboard.
  var isOwn = false
}

/// Prints messages one under the other; an edited one is printed again. Each button stands beside the
/// number that taps it.
struct TerminalScreen: Sendable {
  let usesColour: Bool
  var write: @Sendable (String) -> Void = { text in
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  /// Colour only on a terminal, and not where `NO_COLOR` is set (https://no-color.org).
  static func standard(environment: [String: String]) -> TerminalScreen {
    let noColour = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return TerminalScreen(usesColour: isatty(STDOUT_FILENO) == 1 && !noColour)
  }

  func show(_ message: TerminalMessage) {
    var text = "\n"
    let bar = message.isOwn ? "  you ┃ " : (message.isEdited ? "edited │ " : "   bot │ ")
    for (index, line) in message.lines.enumerated() {
      text += index == 0 ? dim(bar) : dim("       │ ")
      text += line + "\n"
    }
    var number = message.firstNumber
    for row in message.buttons {
      let labels = row.map { label in
        defer { number += 1 }
        return bold("\(number)") + "[\(label)]"
      }
      text += dim("       │ ") + labels.joined(separator: "  ") + "\n"
    }
    write(text)
  }

  func note(_ text: String) { write(dim(text) + "\n") }

  /// A number was typed that stands at no button, or at none any more.
  func noteNoButton(_ number: Int) {
    note("       (no button has the number \(number) now: nothing was tapped)")
  }

  private func dim(_ text: String) -> String { usesColour ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
  private func bold(_ text: String) -> String { usesColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
}
