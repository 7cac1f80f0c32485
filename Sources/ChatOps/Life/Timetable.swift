import TradingModel

/// Things that are due later. One task per entry, all of them children of `run`.
final class Timetable<Item: Sendable>: Sendable {
  private struct Entry: Sendable {
    let item: Item
    let at: Timestamp
  }

  private let entries: AsyncStream<Entry>
  private let continuation: AsyncStream<Entry>.Continuation

  init() {
    (entries, continuation) = AsyncStream.makeStream(
      bufferingPolicy: .bufferingOldest(4096))
  }

  func add(_ item: Item, at time: Timestamp) { continuation.yield(Entry(item: item, at: time)) }

  func run(on clock: any WallClock, _ body: @escaping @Sendable (Item) async -> Void) async {
    await withDiscardingTaskGroup { group in
      for await entry in entries {
        group.addTask {
          // A clock that was put back meanwhile is before its time: what is due is not dropped.
          while clock.now < entry.at {
            do { try await clock.sleep(until: entry.at) } catch { return }
          }
          await body(entry.item)
        }
      }
    }
  }
}
