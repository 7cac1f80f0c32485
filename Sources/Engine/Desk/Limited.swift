import TradingModel

/// Runs `work`, and cancels it at `deadline` or when the caller is cancelled.
///
/// The work's own word counts, even when it came after the cancellation: an order that was placed
/// in the last moment is placed. So this ends when the work does, which must be soon after.
func limited<Value: Sendable>(
  until deadline: Timestamp, on clock: any WallClock,
  _ work: @escaping @Sendable () async throws(VenueError) -> Value
) async -> Result<Value, VenueError> {
  await withTaskGroup(of: Result<Value, VenueError>?.self) { group in
    group.addImmediateTask {
      do throws(VenueError) {
        return .success(try await work())
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
