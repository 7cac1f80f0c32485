import Synchronization

/// What happened, line by line. Stand-ins write it; tests wait for lines and compare them.
public final class Chronicle: Sendable {
  private struct Watcher {
    let line: String
    let count: Int
    let latch: Latch
  }

  private struct State {
    var lines: [String] = []
    var watchers: [Watcher] = []

    func count(of line: String) -> Int { lines.count { $0 == line } }
  }

  private let state = Mutex(State())

  public init() {}

  public var lines: [String] { state.withLock { $0.lines } }

  public func write(_ line: String) {
    let satisfied = state.withLock { state in
      state.lines.append(line)
      let count = state.count(of: line)
      let satisfied = state.watchers.filter { $0.line == line && $0.count <= count }
      state.watchers.removeAll { $0.line == line && $0.count <= count }
      return satisfied
    }
    for watcher in satisfied { watcher.latch.open() }
  }

  /// Returns once `line` was written so many times, or when the task is cancelled.
  public func wait(for line: String, times count: Int = 1) async {
    let latch = Latch()
    let isThere = state.withLock { state in
      if state.count(of: line) >= count { return true }
      state.watchers.append(Watcher(line: line, count: count, latch: latch))
      return false
    }
    if !isThere { await latch.wait() }
  }
}
