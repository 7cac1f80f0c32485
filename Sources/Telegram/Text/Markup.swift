import Chat
import Transport

extension JSONValue {
  /// `reply_markup` with inline buttons; an empty keyboard takes the buttons off a message.
  ///
  /// Source: https://core.telegram.org/bots/api#inlinekeyboardmarkup
  static func keyboard(_ rows: [[Button]]) -> JSONValue {
    let keyboard: [JSONValue] = rows.filter { !$0.isEmpty }.map { row in
      .array(row.map(Self.button))
    }
    return ["inline_keyboard": .array(keyboard)]
  }

  private static func button(_ button: Button) -> JSONValue {
    var fields: JSONObject = [
      "text": .string(button.label), "callback_data": .string(button.data),
    ]
    switch button.style {
    case .normal: break
    case .primary: fields["style"] = "primary"
    case .danger: fields["style"] = "danger"
    }
    return .object(fields)
  }
}

extension Reaction {
  /// Only some emoji are allowed as reactions; these are among them.
  var emoji: String {
    switch self {
    case .received: "👀"
    case .executing: "✍"
    case .done: "👌"
    case .refused: "👎"
    case .failed: "💔"
    }
  }
}
