import TradingModel

/// Runs `work` with `owner`, and cancels it at `deadline` or when the caller is cancelled.
///
/// It begins on the owner's thread, before anything else that waits there, so that an order leaves
/// without a change of thread. The work's own word counts, even when it came after the cancellation:
/// an order that was placed in the last moment is placed. So this ends when the work does, which
/// must be soon after.
func limited<Owner: Actor, Value: Sendable>(
  until deadline: Timestamp, on clock: any WallClock, by owner: isolated Owner,
  _ work: @escaping @Sendable (isolated Owner) async throws(VenueError) -> Value
) async -> Result<Value, VenueError> {
  await withTaskGroup(of: Result<Value, VenueError>?.self) { group in
    group.addImmediateTask {
      // Only a closure that knows the owner stays with it.
      _ = owner
      do throws(VenueError) {
        return .success(try await work(owner))
      } catch {
        return .failure(error)
      }
    }
    group.addTask {
      do { try await clock.sleep(until: deadline) } catch {}  // Cancelled: the work has ended.
      return nil
    }
    while let result = await group.next() {
      group.cancelAll()
      if let result { return result }
    }
    return .failure(.outcomeUnknown)
  }
}

/// As above, for work that is nobody's.
func limited<Value: Sendable>(
  until deadline: Timestamp, on clock: any WallClock,
  _ work: @escaping @Sendable () async throws(VenueError) -> Value
) async -> Result<Value, VenueError> {
  await limited(until: deadline, on: clock, by: Nobody()) { _ async throws(VenueError) in
    try await work()
  }
}

private actor Nobody {}
