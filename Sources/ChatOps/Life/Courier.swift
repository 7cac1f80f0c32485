import Chat

/// Small marks that nobody waits for: reactions, toasts, menus. Lost ones are lost.
final class Courier: Sendable {
  private enum Errand: Sendable {
    case react(MessageRef, Reaction)
    case toast(tap: String, String?)
    case delete(MessageRef)
    case menu([MenuEntry], ChatID?)
  }

  private let chat: any ChatPort
  private let errands: AsyncStream<Errand>
  private let continuation: AsyncStream<Errand>.Continuation

  init(chat: any ChatPort) {
    self.chat = chat
    (errands, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(200))
  }

  func react(to message: MessageRef?, _ reaction: Reaction) {
    if let message { continuation.yield(.react(message, reaction)) }
  }

  /// Stops the spinner of a tapped button. A toast has room for 200 characters.
  func answer(tap: String, _ text: String? = nil) {
    continuation.yield(.toast(tap: tap, text.map { String($0.prefix(190)) }))
  }

  func delete(_ message: MessageRef) { continuation.yield(.delete(message)) }
  func setMenu(_ entries: [MenuEntry], for chat: ChatID?) {
    continuation.yield(.menu(entries, chat))
  }

  /// Reactions keep their order; toasts wait for nothing, their taps are forgotten within seconds.
  func run() async {
    await withDiscardingTaskGroup { group in
      for await errand in errands {
        if case .toast = errand {
          group.addTask { await self.carry(errand) }
        } else {
          await carry(errand)
        }
      }
    }
  }

  private func carry(_ errand: Errand) async {
    do {
      switch errand {
      case .react(let message, let reaction): try await chat.react(to: message, with: reaction)
      case .toast(let tap, let text): try await chat.answer(tap: tap, text: text)
      case .delete(let message): try await chat.delete(message)
      case .menu(let entries, let chat): try await self.chat.setMenu(entries, for: chat)
      }
    } catch {
      // A mark that did not arrive changes nothing: what it stands for is in the journal.
    }
  }
}
