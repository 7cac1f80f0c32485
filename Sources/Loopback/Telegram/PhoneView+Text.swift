import TradingModel

extension PhoneView {
  /// The chats as text, for a terminal: one block a message.
  public var rendered: String {
    chats.map(\.rendered).joined(separator: "\n")
  }
}

extension PhoneChat {
  public var rendered: String {
    let head = "── \(title) · \(kind.rawValue) \(id) ──\n"
    return head + messages.map { $0.rendered + "\n" }.joined()
  }
}

extension PhoneMessage {
  /// Who and when, the text, its buttons, its reactions.
  public var rendered: String {
    var head = "#\(id) \(Timestamp(seconds: date).clockText) \(sender)"
    if let replyTo { head += " ↩ #\(replyTo)" }
    if isEdited { head += " · edited" }
    if isSilent { head += " · silent" }
    if !reactions.isEmpty { head += " · " + reactions.joined(separator: " ") }
    let rows = buttons.map { row in row.map { "[\($0)]" }.joined(separator: " ") }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return ([head] + (lines + rows).map { $0.isEmpty ? "" : "  " + $0 }).joined(separator: "\n")
  }
}
