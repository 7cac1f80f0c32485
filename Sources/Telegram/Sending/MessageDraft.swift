import Chat
import Transport

/// One message on its way out: what it says, where, and what had to be given up for it to be taken.
struct MessageDraft {
  var reply: Reply
  var address: ChatAddress
  var replyingTo: MessageRef?
  /// Without marks: they were not understood, or take too much room.
  var isPlain = false

  /// For `sendMessage`.
  var sendParameters: JSONObject {
    var fields = textFields
    if let topic = address.topic { fields["message_thread_id"] = .integer(topic) }
    if reply.isSilent { fields["disable_notification"] = true }
    if !reply.buttons.isEmpty { fields["reply_markup"] = .keyboard(reply.buttons) }
    if let replyingTo {
      fields["reply_parameters"] = [
        "message_id": .integer(replyingTo.message), "allow_sending_without_reply": true,
      ]
    }
    return fields
  }

  /// For `editMessageText`: buttons that are not given go.
  func editParameters(_ message: MessageRef) -> JSONObject {
    var fields = textFields
    fields["message_id"] = .integer(message.message)
    fields["reply_markup"] = .keyboard(reply.buttons)
    return fields
  }

  private var textFields: JSONObject {
    var fields: JSONObject = [
      "chat_id": .integer(address.chat.number),
      "text": .string(isPlain ? reply.plainText : HTML.text(of: reply)),
      "link_preview_options": ["is_disabled": true],
    ]
    if !isPlain { fields["parse_mode"] = "HTML" }
    return fields
  }

  /// Changes what the server did not take, where that helps.
  /// - Returns: Whether it is worth another attempt.
  mutating func mend(after error: ChatError) -> Bool {
    switch error {
    case .markup where !isPlain, .tooLong where !isPlain:
      isPlain = true
    case .migrated(let chat) where chat != address.chat:
      address = ChatAddress(chat, topic: address.topic)
      replyingTo = nil  // Messages have other numbers there.
    case .rejected where error.isTopicGone && address.topic != nil:
      address = ChatAddress(address.chat)
    default:
      return false
    }
    return true
  }
}
