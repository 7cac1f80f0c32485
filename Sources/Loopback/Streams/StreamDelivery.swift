import Synchronization
import TradingModel

/// Sends what streams tell, unless something is to go wrong with it.
///
/// | name | settings (defaults) | what happens to the message |
/// |---|---|---|
/// | `lose` | | it never arrives; in a book that is a gap |
/// | `duplicate` | `copies` (1) | it arrives again, so many times |
/// | `delay` | `ms` (1000), `keeps_order` (false) | it arrives late; others pass it, or wait behind it |
/// | `reorder` | | it arrives after the next one |
/// | `garble` | `text` (half of it) | something else arrives |
/// | `cut` | | a TCP reset instead |
/// | `cut_within` | | half of the frame, then a TCP reset |
/// | `close` | `code` (1001), `reason` | the connection is closed in good order |
/// | `silence` | | nothing arrives any more, no pong either, and the connection stays |
final class StreamDelivery: Sendable {
  static let faultNames = [
    "lose", "duplicate", "delay", "reorder", "garble", "cut", "cut_within", "close", "silence",
  ]

  let service: String
  let faults: FaultPlan
  let transcript: Transcript

  private struct Held {
    let text: String
    let socket: ServerSocket
    /// Nil waits for the next message of the socket.
    let due: Timestamp?
    /// Later messages of the socket wait behind it.
    let keepsOrder: Bool
  }

  private let held = Mutex<[Held]>([])

  init(service: String, faults: FaultPlan, transcript: Transcript) {
    self.service = service
    self.faults = faults
    self.transcript = transcript
  }

  /// - Parameter topic: What faults call the message.
  func send(_ text: String, topic: String, to sockets: [ServerSocket]) {
    release()
    for socket in sockets {
      guard let fault = faults.strike(service: service, endpoint: topic) else {
        pass(text, to: socket)
        continue
      }
      transcript.note("! \(topic) \(fault.name)", service: service)
      strike(fault, text, socket)
    }
  }

  /// Sends what was delayed and is due. Called with every beat of the market.
  func release() {
    let now = transcript.now
    let due = held.withLock { held in
      let due = held.filter { $0.due.map { $0 <= now } ?? false }
      if !due.isEmpty { held.removeAll { $0.due.map { $0 <= now } ?? false } }
      return due
    }
    for message in due { message.socket.send(message.text) }
  }

  /// Carries a fault out on one message to one socket.
  func strike(_ fault: Fault, _ text: String, _ socket: ServerSocket) {
    switch fault.name {
    case "duplicate":
      for _ in 0...max(0, min(1_000, fault.integer("copies") ?? 1)) { pass(text, to: socket) }
    case "delay":
      hold(
        text, socket, until: transcript.now + fault.duration("ms", or: .seconds(1)),
        keepsOrder: fault.flag("keeps_order") ?? false)
    case "reorder": hold(text, socket, until: nil, keepsOrder: false)
    case "garble": socket.send(fault.text("text") ?? String(text.prefix(text.count / 2)))
    case "cut": socket.reset()
    case "cut_within": socket.sendHalf(of: text)
    case "close":
      socket.close(
        code: Int(fault.integer("code") ?? 1001), reason: fault.text("reason") ?? "going away")
    case "silence": socket.fallSilent()
    default: break  // Lost.
    }
  }

  private func hold(
    _ text: String, _ socket: ServerSocket, until due: Timestamp?, keepsOrder: Bool
  ) {
    held.withLock { held in
      held.removeAll { !$0.socket.isOpen }
      held.append(Held(text: text, socket: socket, due: due, keepsOrder: keepsOrder))
    }
  }

  /// Sends a message, unless an earlier one holds it up, and those that waited for it.
  func pass(_ text: String, to socket: ServerSocket) {
    let overtaken: [Held]? = held.withLock { held in
      guard !held.isEmpty else { return [] }
      if let before = held.last(where: { $0.socket === socket && $0.keepsOrder }) {
        held.append(Held(text: text, socket: socket, due: before.due, keepsOrder: true))
        return nil
      }
      let overtaken = held.filter { $0.socket === socket && $0.due == nil }
      held.removeAll { $0.socket === socket && $0.due == nil }
      return overtaken
    }
    guard let overtaken else { return }
    socket.send(text)
    for message in overtaken { socket.send(message.text) }
  }
}
