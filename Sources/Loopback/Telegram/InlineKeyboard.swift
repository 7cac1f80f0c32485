import Transport

/// The buttons under a message.
struct InlineKeyboard: Sendable, Hashable {
  struct Button: Sendable, Hashable {
    var label: String
    /// The field that says what the button does: `callback_data`, `url`, …
    var action: String
    var value: JSONValue
    var style: String?

    var callbackData: String? { action == "callback_data" ? value.stringValue : nil }
  }

  static let maximumButtons = 100
  static let maximumButtonsPerRow = 8
  static let maximumDataBytes = 64
  static let styles = ["primary", "success", "danger"]
  static let actions = [
    "callback_data", "url", "copy_text", "web_app", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game", "pay",
  ]

  var rows: [[Button]]

  var buttons: [Button] { rows.flatMap { $0 } }

  /// Reads `reply_markup`. Nil for none, for an empty keyboard, and for the kinds that show
  /// nothing under the message.
  static func read(_ markup: String?) throws(TelegramRefusal) -> InlineKeyboard? {
    guard let markup else { return nil }
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: markup)
    } catch {
      throw .badRequest("can't parse reply keyboard markup JSON object")
    }
    guard case .object = json else { throw .badRequest("object expected as reply markup") }
    guard let field = json["inline_keyboard"] else { return nil }
    guard case .array(let rows) = field else { throw malformed }
    var keyboard = InlineKeyboard(rows: [])
    for row in rows {
      guard case .array(let buttons) = row else { throw malformed }
      var read: [Button] = []
      for button in buttons { read.append(try Button(button)) }
      if !read.isEmpty { keyboard.rows.append(read) }
    }
    guard keyboard.buttons.count <= maximumButtons,
      keyboard.rows.allSatisfy({ $0.count <= maximumButtonsPerRow })
    else { throw .badRequest("reply markup is too long") }
    return keyboard.rows.isEmpty ? nil : keyboard
  }

  private static let malformed = TelegramRefusal.badRequest(
    "field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays")

  var json: JSONValue {
    ["inline_keyboard": .array(rows.map { .array($0.map(\.json)) })]
  }
}

extension InlineKeyboard.Button {
  init(_ json: JSONValue) throws(TelegramRefusal) {
    guard case .object(let fields) = json else {
      throw .badRequest(
        "can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    }
    guard let label = fields["text"]?.stringValue else {
      throw .badRequest("can't parse inline keyboard button: Can't find field \"text\"")
    }
    guard !label.isEmpty else { throw .badRequest("BUTTON_TEXT_INVALID") }
    guard let action = InlineKeyboard.actions.first(where: { fields[$0] != nil }),
      let value = fields[action]
    else { throw .badRequest("text buttons are unallowed in the inline keyboard") }
    if action == "callback_data" {
      let bytes = value.stringValue?.utf8.count ?? 0
      guard (1...InlineKeyboard.maximumDataBytes).contains(bytes) else {
        throw .badRequest("BUTTON_DATA_INVALID")
      }
    }
    let style = fields["style"]?.stringValue
    if let style, !InlineKeyboard.styles.contains(style) {
      throw .badRequest("invalid button style specified")
    }
    self.init(label: label, action: action, value: value, style: style)
  }

  var json: JSONValue {
    var json: JSONObject = ["text": .string(label)]
    json["style"] = style.map { .string($0) }
    json[action] = value
    return .object(json)
  }
}
