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
    var draft = MessageDraft(reply: reply, address: address, replyingTo: replyingTo)
    var last: MessageRef?
    for part in Splitter.standard.split(reply) {
      draft.reply = part
      last = try await send(&draft, lane: lane)
      draft.replyingTo = nil
    }
    guard let last else { throw .rejected(code: 400, "an empty reply") }
    return last
  }

  /// A message can't become two by an edit: what does not fit is sent after it.
  public func edit(
    _ message: MessageRef, to reply: Reply, lane: ChatLane
  ) async throws(ChatError) {
    let parts = Splitter.standard.split(reply)
    var first = parts[0]
    first.buttons = reply.buttons
    guard try await editText(message, to: first, lane: lane) else { return }
    for part in parts.dropFirst() {
      var draft = MessageDraft(
        reply: Reply(part.blocks, isSilent: true), address: ChatAddress(message.chat),
        replyingTo: message)
      _ = try await send(&draft, lane: lane)
    }
  }

  public func answer(tap id: String, text: String?) async throws(ChatError) {
    var parameters: JSONObject = ["callback_query_id": .string(id)]
    if let text { parameters["text"] = .string(text.shortened(to: 200)) }
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
      ["command": .string($0.name), "description": .string($0.summary.shortened(to: 256))]
    }
    var parameters: JSONObject = ["commands": .array(commands)]
    if let chat {
      parameters["scope"] = ["type": "chat", "chat_id": .integer(chat.number)]
    }
    _ = try await api.call("setMyCommands", parameters)
  }

  // MARK: One message

  private func send(
    _ draft: inout MessageDraft, lane: ChatLane
  ) async throws(ChatError) -> MessageRef {
    for attempt in 1...Self.tries {
      do throws(ChatError) {
        let message = try await inTurn(lane: lane, chat: draft.address.chat) {
          () async throws(ChatError) in
          try await api.call("sendMessage", draft.sendParameters)
        }
        guard let number = message?.int64("message_id") else {
          throw .ambiguous("sendMessage answered no message")
        }
        return MessageRef(chat: draft.address.chat, message: number)
      } catch {
        let isMended = draft.mend(after: error)
        if isMended {
          log.warning("a message is sent otherwise", metadata: ["error": "\(error.reason)"])
        }
        guard attempt < Self.tries else { throw error }
        switch error {
        case .flood: continue  // The chat is parked: the next turn comes when it may.
        case .transient where await pause(attempt): continue
        default: if !isMended { throw error }
        }
      }
    }
    throw .transient("gave up")
  }

  /// - Returns: False when nothing changed: it stood there already, or a newer edit took its place.
  private func editText(
    _ message: MessageRef, to reply: Reply, lane: ChatLane
  ) async throws(ChatError) -> Bool {
    let ticket = await queue.beginEdit(of: message)
    do throws(ChatError) {
      let isChanged = try await editText(ticket, to: reply, lane: lane)
      await queue.endEdit(ticket)
      return isChanged
    } catch {
      await queue.endEdit(ticket)
      throw error
    }
  }

  private func editText(
    _ ticket: EditTicket, to reply: Reply, lane: ChatLane
  ) async throws(ChatError) -> Bool {
    let message = ticket.message
    var draft = MessageDraft(reply: reply, address: ChatAddress(message.chat))
    for attempt in 1...Self.tries {
      do throws(ChatError) {
        let edited = try await inTurn(lane: lane, chat: message.chat, edit: ticket) {
          () async throws(ChatError) in
          try await api.call("editMessageText", draft.editParameters(message))
        }
        return edited != nil
      } catch {
        if error.isNotModified { return false }
        guard attempt < Self.tries else { throw error }
        switch error {
        case .flood: continue
        // The same text once more does no harm: nothing newer was said.
        case .transient where await pause(attempt), .ambiguous where await pause(attempt): continue
        case .markup where draft.mend(after: error), .tooLong where draft.mend(after: error):
          continue
        default: throw error
        }
      }
    }
    throw .transient("gave up")
  }

  /// Runs one call when its turn has come; nil when a newer edit stands for it.
  private func inTurn(
    lane: ChatLane, chat: ChatID, edit: EditTicket? = nil,
    call: () async throws(ChatError) -> JSONValue
  ) async throws(ChatError) -> JSONValue? {
    switch await queue.turn(lane: lane, chat: chat, edit: edit) {
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

  /// - Returns: False when the task was cancelled meanwhile.
  private func pause(_ attempt: Int) async -> Bool {
    do {
      try await clock.sleep(for: .seconds(1 << (attempt - 1)))
      return true
    } catch {
      return false
    }
  }
}
