/// The numbers that tap the terminal's buttons. A button gets its number when it is shown, and no
/// number is given twice: one that can still be read further up taps the very button that it stood
/// at, or nothing.
struct ButtonNumbers<Button: Hashable & Sendable>: Sendable {
  struct Place: Hashable, Sendable {
    let message: Int64
    let button: Button
  }

  /// Messages whose buttons can be tapped; older ones have scrolled far away.
  static var messageLimit: Int { 200 }

  private var next = 1
  /// Oldest first.
  private var order: [Int64] = []
  private var places: [Int: Place] = [:]
  private var firstByMessage: [Int64: Int] = [:]
  private var buttonsByMessage: [Int64: [Button]] = [:]

  /// Numbers what stands under a message now. Buttons that did not change keep their numbers; else
  /// the old ones tap nothing any more.
  /// - Returns: The number of the first; the others follow.
  mutating func show(_ buttons: [Button], under message: Int64) -> Int {
    if let first = firstByMessage[message], buttonsByMessage[message] == buttons { return first }
    forget(message)
    guard !buttons.isEmpty else { return next }
    let first = next
    for button in buttons {
      places[next] = Place(message: message, button: button)
      next += 1
    }
    firstByMessage[message] = first
    buttonsByMessage[message] = buttons
    order.append(message)
    if order.count > Self.messageLimit { forget(order[0]) }
    return first
  }

  /// The message is gone, and its buttons with it.
  mutating func forget(_ message: Int64) {
    guard let first = firstByMessage.removeValue(forKey: message),
      let buttons = buttonsByMessage.removeValue(forKey: message)
    else { return }
    order.removeAll { $0 == message }
    for number in first..<(first + buttons.count) { places[number] = nil }
  }

  /// Nil when no button has that number, or none any more.
  subscript(number: Int) -> Place? { places[number] }
}

/// What a line typed at the terminal is.
enum TypedLine: Hashable, Sendable {
  case nothing
  /// Figures alone tap a button.
  case number(Int)
  case text(String)

  init(_ line: String) {
    let words = line.split { $0.isWhitespace }
    guard let first = words.first else {
      self = .nothing
      return
    }
    if words.count == 1, first.allSatisfy({ ("0"..."9").contains($0) }), let number = Int(first) {
      self = .number(number)
    } else {
      self = .text(words.joined(separator: " "))
    }
  }
}
