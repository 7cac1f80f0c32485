import Chat
import Synchronization

/// Updates on their way to the desk: in order per chat, but emergencies and taps wait for nobody.
final class Arrivals: Sendable {
  private static let laneCount: UInt64 = 4
  private static let laneLimit = 256

  private typealias Lane = (
    stream: AsyncStream<ChatUpdate>, continuation: AsyncStream<ChatUpdate>.Continuation
  )

  private let lanes: [Lane]
  private let urgent: Lane
  private let inHand = Atomic(0)

  init() {
    let make = {
      AsyncStream<ChatUpdate>.makeStream(bufferingPolicy: .bufferingOldest(Self.laneLimit))
    }
    lanes = (0..<Self.laneCount).map { _ in make() }
    urgent = make()
  }

  /// False when there is no room: the caller carries it itself.
  func enqueue(_ update: ChatUpdate) -> Bool {
    let chat = Self.chat(of: update.body).number.magnitude
    let lane = Self.isUrgent(update.body) ? urgent : lanes[Int(chat % Self.laneCount)]
    inHand.add(1, ordering: .relaxed)
    if case .enqueued = lane.continuation.yield(update) { return true }
    inHand.subtract(1, ordering: .relaxed)
    return false
  }

  /// Whether all that came has been carried to its end.
  var isEmpty: Bool { inHand.load(ordering: .relaxed) == 0 }

  func run(_ carry: @escaping @Sendable (ChatUpdate) async -> Void) async {
    let body = { @Sendable (update: ChatUpdate) in
      await carry(update)
      self.inHand.subtract(1, ordering: .relaxed)
    }
    await withDiscardingTaskGroup { group in
      for lane in lanes {
        group.addTask { for await update in lane.stream { await body(update) } }
      }
      for await update in urgent.stream { group.addTask { await body(update) } }
    }
  }

  private static func isUrgent(_ body: ChatUpdate.Body) -> Bool {
    switch body {
    case .tap: true
    case .message(let message):
      message.command.flatMap(CommandCatalog.command(named:))?.pace == .emergency
    case .membership, .migrated, .ignored: false
    }
  }

  private static func chat(of body: ChatUpdate.Body) -> ChatID {
    switch body {
    case .message(let message): message.ref.chat
    case .tap(let tap): tap.ref?.chat ?? ChatID(0)
    case .membership(let chat, _): chat
    case .migrated(let old, _): old
    case .ignored: ChatID(0)
    }
  }
}
