import TradingModel

/// The answer to one request, given once: by who was asked, or by the asker's own giving up.
///
/// Unchecked, as `TurnQueue` explains: it belongs to the day's thread.
final class Answer<Value: Sendable>: @unchecked Sendable {
  private var result: Result<Value, VenueError>?
  private var continuation: CheckedContinuation<Result<Value, VenueError>, Never>?

  func give(_ result: Result<Value, VenueError>) {
    guard self.result == nil else { return }
    self.result = result
    continuation?.resume(returning: result)
    continuation = nil
  }

  private func keep(_ continuation: CheckedContinuation<Result<Value, VenueError>, Never>) {
    if let result {
      continuation.resume(returning: result)
    } else {
      self.continuation = continuation
    }
  }

  /// - Parameter error: What the asker is left with when it gives up.
  func value(orWhenCancelled error: VenueError) async throws(VenueError) -> Value {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { keep($0) }
    } onCancel: {
      give(.failure(error))
    }
    return try result.get()
  }
}
