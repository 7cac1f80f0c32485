import Chat

/// Names one edit of a message.
struct EditTicket: Sendable, Hashable {
  let message: MessageRef
  fileprivate let number: UInt64
}

/// Which edit of a message is the newest: one that is tried again must not overwrite what was said
/// after it. Remembers a message while an edit of it is under way.
struct EditTickets {
  private var last: UInt64 = 0
  private var underWay: [MessageRef: (newest: UInt64, count: Int)] = [:]

  mutating func begin(_ message: MessageRef) -> EditTicket {
    last += 1
    underWay[message] = (last, (underWay[message]?.count ?? 0) + 1)
    return EditTicket(message: message, number: last)
  }

  mutating func end(_ ticket: EditTicket) {
    guard let (newest, count) = underWay[ticket.message] else { return }
    underWay[ticket.message] = count > 1 ? (newest, count - 1) : nil
  }

  func isNewest(_ ticket: EditTicket) -> Bool {
    underWay[ticket.message]?.newest == ticket.number
  }
}
