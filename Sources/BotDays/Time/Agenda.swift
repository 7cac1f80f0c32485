import TradingModel

/// What is to happen when: a heap by time, and by order of entry where the times are equal.
struct Agenda {
  enum Item {
    /// A task of the bot has slept long enough.
    case wake(Sleeper)
    /// Something happens in the world.
    case event(String, () -> Void)
  }

  private struct Entry {
    let time: Timestamp
    let number: UInt64
    let item: Item

    func isBefore(_ other: Entry) -> Bool { (time, number) < (other.time, other.number) }
  }

  private var heap: [Entry] = []
  private var count: UInt64 = 0

  var nextTime: Timestamp? { heap.first?.time }

  mutating func add(_ item: Item, at time: Timestamp) {
    count += 1
    heap.append(Entry(time: time, number: count, item: item))
    var place = heap.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard heap[place].isBefore(heap[parent]) else { break }
      heap.swapAt(place, parent)
      place = parent
    }
  }

  mutating func popFirst() -> (time: Timestamp, item: Item)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return (first.time, first.item)
  }

  private mutating func sink() {
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      guard least != place else { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}

/// A task that waits for a moment. Belongs to the day's thread.
final class Sleeper {
  var continuation: CheckedContinuation<Void, any Error>?

  func wake() {
    continuation?.resume()
    continuation = nil
  }

  func cancel() {
    continuation?.resume(throwing: CancellationError())
    continuation = nil
  }
}
