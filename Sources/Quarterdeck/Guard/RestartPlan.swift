/// When the main process is started again: at once at first, then after 1 s, doubling to 60 s. The
/// third start within ten minutes comes up paused. All times are since the machine was started.
struct RestartPlan: Sendable {
  static let firstWait = Duration.seconds(1)
  static let longestWait = Duration.seconds(60)
  static let window = Duration.seconds(600)
  static let mostStarts = 3

  private var starts: [Duration] = []
  private var wait = firstWait

  /// A start is made now.
  /// - Returns: How many there were within ten minutes, when they are too many.
  mutating func start(at now: Duration) -> Int? {
    starts = starts.filter { now - $0 < Self.window } + [now]
    return starts.count >= Self.mostStarts ? starts.count : nil
  }

  /// It ended.
  /// - Returns: How long to wait before the next start.
  mutating func ended(at now: Duration) -> Duration {
    // Ten minutes of life are a success: trouble begins anew.
    if let last = starts.last, now - last >= Self.window { wait = Self.firstWait }
    defer { wait = min(wait * 2, Self.longestWait) }
    return wait
  }
}
