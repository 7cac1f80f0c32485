import Transport

extension PhoneView {
  public var json: JSONValue {
    [
      "revision": .integer(revision), "chats": .array(chats.map(\.json)),
      "toasts": .array(toasts.map(\.json)),
    ]
  }
}

extension PhoneChat {
  var json: JSONValue {
    [
      "id": .integer(id), "title": .string(title), "kind": .string(kind.rawValue),
      "menu": .array(
        menu.map { ["command": .string($0.name), "description": .string($0.summary)] }),
      "messages": .array(messages.map(\.json)),
    ]
  }
}

extension PhoneMessage {
  var json: JSONValue {
    var json: JSONObject = [
      "id": .integer(id), "from": .string(sender), "is_bot": .bool(isFromBot),
      "date": .integer(date), "text": .string(text), "edited": .bool(isEdited),
      "silent": .bool(isSilent),
      "buttons": .array(buttons.map { row in .array(row.map { .string($0) }) }),
      "reactions": .array(reactions.map { .string($0) }),
    ]
    json["reply_to"] = replyTo.map { .integer($0) }
    json["topic"] = topic.map { .integer($0) }
    return .object(json)
  }
}

extension PhoneToast {
  var json: JSONValue {
    [
      "tap": .string(tap), "chat": .integer(chat), "user": .integer(person),
      "text": .string(text), "alert": .bool(isAlert),
    ]
  }
}
