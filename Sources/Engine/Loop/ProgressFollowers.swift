import Synchronization
import TradingModel

/// Those who follow the commands beside the chat: each hears everything from the moment it asks.
final class ProgressFollowers: Sendable {
  private struct State {
    var nextNumber = 0
    var followers: [Int: AsyncStream<CommandProgress>.Continuation] = [:]
    var isFinished = false
  }

  private let state = Mutex(State())

  /// - Parameter limit: How many wait for it; beyond, the oldest goes.
  func follow(limit: Int = 1000) -> AsyncStream<CommandProgress> {
    let (stream, sink) = AsyncStream<CommandProgress>.makeStream(
      bufferingPolicy: .bufferingNewest(limit))
    let number: Int? = state.withLock { state in
      guard !state.isFinished else { return nil }
      state.nextNumber += 1
      state.followers[state.nextNumber] = sink
      return state.nextNumber
    }
    guard let number else {
      sink.finish()
      return stream
    }
    sink.onTermination = { [weak self] _ in self?.forget(number) }
    return stream
  }

  func tell(_ step: CommandProgress) {
    for sink in state.withLock({ Array($0.followers.values) }) { sink.yield(step) }
  }

  func finish() {
    let sinks = state.withLock { state in
      state.isFinished = true
      defer { state.followers = [:] }
      return Array(state.followers.values)
    }
    for sink in sinks { sink.finish() }
  }

  private func forget(_ number: Int) { state.withLock { $0.followers[number] = nil } }
}
