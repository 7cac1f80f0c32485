import Synchronization
import TradingModel

/// The books that wait for a snapshot: each stands in line once, however often it is lost meanwhile.
final class SnapshotQueue: Sendable {
  private let waiting = Mutex<[Symbol]>([])
  private let news: AsyncStream<Void>
  private let tell: AsyncStream<Void>.Continuation

  init() { (news, tell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  /// How many wait.
  var count: Int { waiting.withLock { $0.count } }

  func want(_ symbol: Symbol) {
    waiting.withLock { waiting in
      if !waiting.contains(symbol) { waiting.append(symbol) }
    }
    tell.yield()
  }

  /// The one that has waited longest; nil when cancelled.
  func next() async -> Symbol? {
    var iterator = news.makeAsyncIterator()
    while true {
      let first = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      if let first { return first }
      guard await iterator.next() != nil else { return nil }
    }
  }
}
