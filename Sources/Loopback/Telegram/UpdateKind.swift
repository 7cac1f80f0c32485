import TradingModel
import Transport

/// The kinds of updates that `allowed_updates` can name.
enum UpdateKind: String, Sendable, Hashable, CaseIterable {
  case message
  case editedMessage = "edited_message"
  case channelPost = "channel_post"
  case editedChannelPost = "edited_channel_post"
  case businessConnection = "business_connection"
  case businessMessage = "business_message"
  case editedBusinessMessage = "edited_business_message"
  case deletedBusinessMessages = "deleted_business_messages"
  case messageReaction = "message_reaction"
  case messageReactionCount = "message_reaction_count"
  case inlineQuery = "inline_query"
  case chosenInlineResult = "chosen_inline_result"
  case callbackQuery = "callback_query"
  case shippingQuery = "shipping_query"
  case preCheckoutQuery = "pre_checkout_query"
  case purchasedPaidMedia = "purchased_paid_media"
  case poll
  case pollAnswer = "poll_answer"
  case myChatMember = "my_chat_member"
  case chatMember = "chat_member"
  case chatJoinRequest = "chat_join_request"
  case chatBoost = "chat_boost"
  case removedChatBoost = "removed_chat_boost"

  /// All but those that must be asked for by name.
  static let standard = Set(allCases).subtracting([
    .chatMember, .messageReaction, .messageReactionCount,
  ])

  /// How long the server keeps an update that nobody fetched.
  var retention: Duration {
    switch self {
    case .callbackQuery: .seconds(150)
    case .inlineQuery: .seconds(30)
    case .chosenInlineResult: .seconds(600)
    default: .hours(24)
    }
  }

  /// Reads `allowed_updates`; an empty list or one without a valid name is the standard set, and
  /// what is no list changes nothing.
  static func readAllowed(_ list: String?) -> Set<UpdateKind>? {
    guard let list, case .array(let names)? = try? JSONValue(parsing: list) else { return nil }
    let kinds = Set(names.compactMap { UpdateKind(rawValue: $0.stringValue?.lowercased() ?? "") })
    return kinds.isEmpty ? standard : kinds
  }
}
