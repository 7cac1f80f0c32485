import Chat

/// What makes two updates the same one.
///
/// The service's number alone does not: after a pause it starts again anywhere, so that a new
/// message can bear an old number and, delivered again, an old message a new one. A message is known
/// by its chat, number, time and text, a tap by its own number and what was tapped; only updates
/// without effect are known by their number.
enum UpdateIdentity {
  static func text(of update: ChatUpdate) -> String {
    SHA256.hexadecimal(of: parts(of: update.body, number: update.id).joined(separator: "\n").utf8)
  }

  private static func parts(of body: ChatUpdate.Body, number: Int64) -> [String] {
    switch body {
    case .message(let message):
      [
        "message", "\(message.ref.chat)", "\(message.ref.message)", "\(message.sentAt)",
        message.taints.map(\.rawValue).joined(separator: ","), message.text,
      ]
    case .tap(let tap):
      [
        "tap", tap.id, "\(tap.sender.id)", tap.ref.map { "\($0.chat) \($0.message)" } ?? "-",
        tap.data,
      ]
    case .membership(let chat, let canWrite): ["membership", "\(number)", "\(chat)", "\(canWrite)"]
    case .migrated(let old, let new): ["migrated", "\(number)", "\(old)", "\(new)"]
    case .ignored(let kind): ["ignored", "\(number)", kind]
    }
  }
}
