import TradingModel

/// The true time of a simulated day, and everything that waits for its moment.
///
/// Unchecked, as `TurnQueue` explains: it belongs to the day's thread.
final class WorldTime: @unchecked Sendable {
  private(set) var now: Timestamp
  private var agenda = Agenda()

  init(_ start: Timestamp) { now = start }

  var nextTime: Timestamp? { agenda.nextTime }

  /// What is past already happens next.
  func add(_ name: String, at time: Timestamp, _ event: @escaping () -> Void) {
    agenda.add(.event(name, event), at: max(time, now))
  }

  /// Moves on to the next thing, and hands it out.
  func advance() -> Agenda.Item? {
    guard let (time, item) = agenda.popFirst() else { return nil }
    now = max(now, time)
    return item
  }

  func advance(to time: Timestamp) { now = max(now, time) }

  func sleep(until deadline: Timestamp) async throws {
    guard deadline > now else { return try Task.checkCancellation() }
    let sleeper = Handed(Sleeper())
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { lay(down: $0, sleeper.value, until: deadline) }
    } onCancel: {
      sleeper.value.cancel()
    }
  }

  private func lay(
    down continuation: CheckedContinuation<Void, any Error>, _ sleeper: Sleeper,
    until deadline: Timestamp
  ) {
    guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
    sleeper.continuation = continuation
    agenda.add(.wake(sleeper), at: deadline)
  }
}

/// Something of the day's thread, handed through a closure that could run on any.
struct Handed<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}

/// The clock on the bot's machine: the true time, and by how much it is off.
final class MachineClock: WallClock, @unchecked Sendable {
  private let world: WorldTime
  /// The machine's clock less the true one.
  var offset = Duration.zero

  init(_ world: WorldTime) { self.world = world }

  var now: Timestamp { world.now + offset }

  /// As the system's sleep: the length counts, whatever the clock does meanwhile.
  func sleep(until deadline: Timestamp) async throws {
    try await world.sleep(until: deadline - offset)
  }
}
