import Synchronization
import Testing

@testable import Engine

struct StoreHealthTests {
  private final class Ear: Sendable {
    private let heard = Mutex<[String]>([])
    var words: [String] { heard.withLock { $0 } }
    func hear(_ isWorking: Bool, _ detail: String) {
      heard.withLock { $0.append(isWorking ? "works" : detail) }
    }
  }

  @Test
  func `all is well again only when every part is, and each change is told once`() {
    let ear = Ear()
    let health = StoreHealth(report: ear.hear)
    health.set(.journal, trouble: nil)
    health.set(.durable, trouble: "the disk is full")
    health.set(.journal, trouble: "the disk is full")
    health.set(.stateFiles, trouble: "no such folder")
    health.set(.durable, trouble: nil)
    health.set(.stateFiles, trouble: nil)
    health.set(.journal, trouble: nil)
    #expect(
      ear.words == [
        "the disk is full", "the disk is full; no such folder", "the disk is full", "works",
      ])
  }

  /// Reports made outside the lock could overtake each other: the last one told must be what holds.
  @Test
  func `states are told in the order in which they came about`() async {
    let ear = Ear()
    let health = StoreHealth(report: ear.hear)
    await withDiscardingTaskGroup { group in
      for part in StoreHealth.Part.allCases {
        group.addTask {
          for count in 0..<2000 {
            health.set(part, trouble: count.isMultiple(of: 2) ? "\(part)" : nil)
          }
        }
      }
    }
    #expect(ear.words.last == "works")
    for (one, next) in zip(ear.words, ear.words.dropFirst()) { #expect(one != next) }
  }
}
