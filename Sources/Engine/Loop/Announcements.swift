import TradingModel

/// What the engine tells the chat: in order, and bounded, should nobody listen.
struct Announcements: Sendable {
  let alerts: AsyncStream<Alert>
  let progress: AsyncStream<CommandProgress>
  let followers = ProgressFollowers()
  private let alertSink: AsyncStream<Alert>.Continuation
  private let progressSink: AsyncStream<CommandProgress>.Continuation

  /// - Parameter limit: How many of each wait; beyond, the oldest goes.
  init(limit: Int = 1000) {
    (alerts, alertSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(limit))
    (progress, progressSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(limit))
  }

  func tell(_ alert: Alert) { alertSink.yield(alert) }
  func tell(_ step: CommandProgress) {
    progressSink.yield(step)
    followers.tell(step)
  }

  func finish() {
    alertSink.finish()
    progressSink.finish()
    followers.finish()
  }
}
