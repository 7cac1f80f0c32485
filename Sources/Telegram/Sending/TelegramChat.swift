import Chat
import Logging
import TradingModel
import Transport

/// The chat port on Telegram: draws replies as HTML, splits long ones, keeps the pace, repeats what
/// may be repeated and nothing else.
public struct TelegramChat: ChatPort {
  /// How often something is tried that was not carried out for certain.
  private static let tries = 4

  private let api: BotAPI
  private let queue: SendQueue
  private let clock: any WallClock
  private let log: Logger

  init(api: BotAPI, queue: SendQueue, clock: any WallClock, log: Logger) {
    self.api = api
    self.queue = queue
    self.clock = clock
    self.log = log
  }

  /// Sends every part of a reply; the reference is that of the last, which has the buttons.
  public func send(
    _ reply: Reply, to address: ChatAddress, replyingTo: MessageRef?, lane: ChatLane
  ) async throws(ChatError) -> MessageRef {
    var draft = Draft(address: address, replyingTo: replyingTo)
    var last: MessageRef?
    for part in Splitter.standard.split(reply) {
      last = try await send(part, as: &draft, lane: lane)
      draft.replyingTo = nil
    }
    guard let last else { throw .rejected(code: 400, "an empty reply") }
    return last
  }

  public func edit(
    _ message: MessageRef, to reply: Reply, lane: ChatLane
  ) async throws(ChatError) {
    // An edit can't become two messages: what does not fit is cut, and the rest is sent after it.
    let parts = Splitter.standard.split(reply)
    var first = parts[0]
    first.buttons = reply.buttons
    do {
      try await editText(message, to: first, lane: lane)
    } catch  where error.isNotModified {
      return
    }
    for part in parts.dropFirst() {
      _ = try await send(
        Reply(part.blocks, isSilent: true), to: ChatAddress(message.chat), replyingTo: message,
        lane: lane)
    }
  }

  public func answer(tap id: String, text: String?) async throws(ChatError) {
    var parameters: JSONObject = ["callback_query_id": .string(id)]
    if let text { parameters["text"] = .string(String(text.prefix(200))) }
    do {
      _ = try await api.call("answerCallbackQuery", parameters)
    } catch  where error.isTapTooOld {
      return
    }
  }

  public func react(
    to message: MessageRef, with reaction: Reaction
  ) async throws(ChatError) {
    _ = try await api.call(
      "setMessageReaction",
      [
        "chat_id": .integer(message.chat.number), "message_id": .integer(message.message),
        "reaction": [["type": "emoji", "emoji": .string(reaction.emoji)]],
      ])
  }

  public func delete(_ message: MessageRef) async throws(ChatError) {
    do {
      _ = try await api.call(
        "deleteMessage",
        [
          "chat_id": .integer(message.chat.number), "message_id": .integer(message.message),
        ])
    } catch .gone {
      return
    }
  }

  public func setMenu(_ entries: [MenuEntry], for chat: ChatID?) async throws(ChatError) {
    let commands: [JSONValue] = entries.prefix(100).map {
      ["command": .string($0.name), "description": .string(String($0.summary.prefix(256)))]
    }
    var parameters: JSONObject = ["commands": .array(commands)]
    if let chat {
      parameters["scope"] = ["type": "chat", "chat_id": .integer(chat.number)]
    }
    _ = try await api.call("setMyCommands", parameters)
  }

  // MARK: One message

  private struct Draft {
    var address: ChatAddress
    var replyingTo: MessageRef?
    var isPlain = false

    func parameters(_ reply: Reply) -> JSONObject {
      var fields: JSONObject = [
        "chat_id": .integer(address.chat.number),
        "text": .string(isPlain ? reply.plainText : HTML.text(of: reply)),
        "link_preview_options": ["is_disabled": true],
      ]
      if !isPlain { fields["parse_mode"] = "HTML" }
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
  }

  private func send(
    _ reply: Reply, as draft: inout Draft, lane: ChatLane
  ) async throws(ChatError) -> MessageRef {
    for attempt in 1...Self.tries {
      do throws(ChatError) {
        let parameters = draft.parameters(reply)
        let message = try await inTurn(lane: lane, chat: draft.address.chat) {
          () async throws(ChatError) in try await api.call("sendMessage", parameters)
        }
        guard let message, let number = message.int64("message_id") else {
          throw .ambiguous("sendMessage answered no message")
        }
        return MessageRef(chat: draft.address.chat, message: number)
      } catch {
        guard attempt < Self.tries, try await mend(&draft, after: error, attempt: attempt) else {
          throw error
        }
      }
    }
    throw .transient("gave up")
  }

  /// Whether the same message may be tried again, changed so that it can work.
  private func mend(
    _ draft: inout Draft, after error: ChatError, attempt: Int
  ) async throws(ChatError) -> Bool {
    switch error {
    case .markup(let text) where !draft.isPlain:
      log.error("markup not understood, sent as plain text", metadata: ["error": "\(text)"])
      draft.isPlain = true
      return true
    case .migrated(let chat):
      draft.address = ChatAddress(chat, topic: draft.address.topic)
      draft.replyingTo = nil
      return true
    case .rejected where error.isTopicGone && draft.address.topic != nil:
      draft.address = ChatAddress(draft.address.chat)
      return true
    case .flood: return true  // The chat is parked; the next turn comes when it may.
    case .transient: return await pause(attempt)
    default: return false
    }
  }

  private func editText(
    _ message: MessageRef, to reply: Reply, lane: ChatLane
  ) async throws(ChatError) {
    let parameters: JSONObject = [
      "chat_id": .integer(message.chat.number), "message_id": .integer(message.message),
      "text": .string(HTML.text(of: reply)), "parse_mode": "HTML",
      "link_preview_options": ["is_disabled": true], "reply_markup": .keyboard(reply.buttons),
    ]
    for attempt in 1...Self.tries {
      do throws(ChatError) {
        _ = try await inTurn(lane: lane, chat: message.chat, editing: message) {
          () async throws(ChatError) in try await api.call("editMessageText", parameters)
        }
        return
      } catch {
        let mayRepeat =
          switch error {
          case .flood: true
          case .transient: await pause(attempt)
          default: false
          }
        guard mayRepeat, attempt < Self.tries else { throw error }
      }
    }
  }

  /// Runs one call when its turn has come; nil when a newer edit stands for it.
  private func inTurn(
    lane: ChatLane, chat: ChatID, editing message: MessageRef? = nil,
    call: () async throws(ChatError) -> JSONValue
  ) async throws(ChatError) -> JSONValue? {
    switch await queue.turn(lane: lane, chat: chat, editing: message) {
    case .superseded: return nil
    case .full: throw .transient("too many messages wait")
    case .cancelled: throw .transient("cancelled")
    case .go: break
    }
    do throws(ChatError) {
      let result = try await call()
      await queue.done(with: chat)
      return result
    } catch {
      if case .flood(let seconds) = error { await queue.park(chat, seconds: seconds) }
      await queue.done(with: chat)
      throw error
    }
  }

  private func pause(_ attempt: Int) async -> Bool {
    do {
      try await clock.sleep(for: .seconds(1 << (attempt - 1)))
      return true
    } catch {
      return false
    }
  }
}
