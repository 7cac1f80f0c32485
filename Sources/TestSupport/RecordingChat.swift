import Chat
import Synchronization

/// A chat service that remembers what it was told, in order, and fails when a test says so.
public final class RecordingChat: ChatPort {
  public enum Call: Sendable, Hashable {
    case send(MessageRef, Reply, to: ChatAddress, replyingTo: MessageRef?, lane: ChatLane)
    case edit(MessageRef, Reply, lane: ChatLane)
    case answer(tap: String, text: String?)
    case react(MessageRef, Reaction)
    case delete(MessageRef)
    case menu([MenuEntry], ChatID?)
  }

  private struct State {
    var calls: [Call] = []
    var lastMessage: Int64 = 1000
    var standing: [MessageRef: Reply] = [:]
    var sendFailures: [ChatError] = []
    var editFailures: [ChatError] = []
    /// A flood, a block: fails every send to the chat until taken away.
    var refusing: [ChatID: ChatError] = [:]
  }

  private let state = Mutex(State())

  public init() {}

  // MARK: What a test asks

  public var calls: [Call] { state.withLock { $0.calls } }

  /// What stands in a message now.
  public func text(of message: MessageRef) -> Reply? { state.withLock { $0.standing[message] } }

  /// Messages sent, in order, as they were first sent.
  public var sent: [(message: MessageRef, reply: Reply)] {
    calls.compactMap { call in
      if case .send(let message, let reply, _, _, _) = call { (message, reply) } else { nil }
    }
  }

  public var edits: [(message: MessageRef, reply: Reply)] {
    calls.compactMap { call in
      if case .edit(let message, let reply, _) = call { (message, reply) } else { nil }
    }
  }

  public var toasts: [String] {
    calls.compactMap { call in if case .answer(_, let text) = call { text } else { nil } }
  }

  public func reactions(to message: MessageRef) -> [Reaction] {
    calls.compactMap { call in
      if case .react(message, let reaction) = call { reaction } else { nil }
    }
  }

  // MARK: What a test makes go wrong

  public func failNextSends(_ errors: ChatError...) {
    state.withLock { $0.sendFailures += errors }
  }

  public func failNextEdits(_ errors: ChatError...) {
    state.withLock { $0.editFailures += errors }
  }

  /// Nil lets messages through again.
  public func refuse(_ chat: ChatID, with error: ChatError?) {
    state.withLock { $0.refusing[chat] = error }
  }

  // MARK: ChatPort

  public func send(
    _ reply: Reply, to address: ChatAddress, replyingTo: MessageRef?, lane: ChatLane
  ) async throws(ChatError) -> MessageRef {
    let result: Result<MessageRef, ChatError> = state.withLock { state in
      if !state.sendFailures.isEmpty { return .failure(state.sendFailures.removeFirst()) }
      if let error = state.refusing[address.chat] { return .failure(error) }
      state.lastMessage += 1
      let message = MessageRef(chat: address.chat, message: state.lastMessage)
      state.standing[message] = reply
      state.calls.append(
        .send(message, reply, to: address, replyingTo: replyingTo, lane: lane))
      return .success(message)
    }
    return try result.get()
  }

  public func edit(
    _ message: MessageRef, to reply: Reply, lane: ChatLane
  ) async throws(ChatError) {
    let error: ChatError? = state.withLock { state in
      if !state.editFailures.isEmpty { return state.editFailures.removeFirst() }
      if let error = state.refusing[message.chat] { return error }
      state.standing[message] = reply
      state.calls.append(.edit(message, reply, lane: lane))
      return nil
    }
    if let error { throw error }
  }

  public func answer(tap id: String, text: String?) async throws(ChatError) {
    state.withLock { $0.calls.append(.answer(tap: id, text: text)) }
  }

  public func react(to message: MessageRef, with reaction: Reaction) async throws(ChatError) {
    state.withLock { $0.calls.append(.react(message, reaction)) }
  }

  public func delete(_ message: MessageRef) async throws(ChatError) {
    state.withLock { $0.calls.append(.delete(message)) }
  }

  public func setMenu(_ entries: [MenuEntry], for chat: ChatID?) async throws(ChatError) {
    state.withLock { $0.calls.append(.menu(entries, chat)) }
  }
}
