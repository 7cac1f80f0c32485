import Chat
import TradingModel

/// One life's way into the chat.
final class PhoneLine: ChatPort, @unchecked Sendable {
  private let phone: SimulatedPhone
  private(set) var isAlive = true

  init(_ phone: SimulatedPhone) { self.phone = phone }

  func end() {
    isAlive = false
    phone.poller = nil
  }

  /// The way there; what it throws has not happened, but for `ambiguous`.
  private func travel(to chat: ChatID? = nil) async throws(ChatError) {
    guard isAlive else { throw .transient("the process has ended") }
    if phone.isDown {
      phone.trouble()
      throw .transient("502 Bad Gateway")
    }
    do {
      try await phone.time.sleep(
        until: phone.time.now + phone.chance.duration(.milliseconds(30), .milliseconds(300)))
    } catch {
      throw .transient("cancelled")
    }
    guard isAlive else { throw .transient("the process has ended") }
    if let chat, phone.blocked.contains(chat) { throw .blocked }
    guard phone.chance.happens(phone.faults) else { return }
    switch phone.chance.whole(0...5) {
    case 0:
      phone.play(Fault(.chatFlooded))
      throw .flood(retryAfterSeconds: phone.chance.whole(1...20))
    case 1:
      phone.play(Fault(.chatFailed))
      throw .transient("502 Bad Gateway")
    case 2:
      phone.play(Fault(.chatRefused, "400"))
      throw .rejected(code: 400, "Bad Request: BUTTON_DATA_INVALID")
    case 3:
      phone.play(Fault(.chatRefused, "400, markup"))
      throw .markup("can't parse entities")
    default: return
    }
  }

  /// The answer of what was carried out may be lost.
  private func bringBack() throws(ChatError) {
    guard phone.chance.happens(phone.faults / 4) else { return }
    phone.play(Fault(.chatUncertain))
    throw .ambiguous("connection reset")
  }

  func send(
    _ reply: Reply, to address: ChatAddress, replyingTo: MessageRef?, lane: ChatLane
  ) async throws(ChatError) -> MessageRef {
    try await travel(to: address.chat)
    let message = phone.show(reply, in: address.chat)
    try bringBack()
    return message
  }

  func edit(_ message: MessageRef, to reply: Reply, lane: ChatLane) async throws(ChatError) {
    try await travel(to: message.chat)
    guard phone.messages[message] != nil else { throw .gone }
    phone.edit(message, to: reply)
    try bringBack()
  }

  func answer(tap id: String, text: String?) async throws(ChatError) { try await travel() }

  func react(to message: MessageRef, with reaction: Reaction) async throws(ChatError) {
    try await travel(to: message.chat)
  }

  func delete(_ message: MessageRef) async throws(ChatError) {
    try await travel(to: message.chat)
    phone.delete(message)
  }

  func setMenu(_ entries: [MenuEntry], for chat: ChatID?) async throws(ChatError) {
    try await travel()
  }
}
