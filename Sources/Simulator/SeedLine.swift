import Foundation
import Synchronization

/// Hands out seeds: the fixed set first, then fresh ones, for as long as there is time.
final class SeedLine: Sendable {
  /// Played in every run, so that a change is judged by the same days as the one before.
  static let fixed: ClosedRange<UInt64> = 1...60

  private let first: UInt64
  private let days: Int
  private let deadline: Date
  private let count = Mutex(0)
  private let isFromFixed: Bool

  init(from: UInt64?, days: Int?, seconds: Int?) {
    isFromFixed = from == nil
    // Another range of seeds in every run.
    first = from ?? UInt64(Date().timeIntervalSince1970) &* 1000
    self.days = days ?? .max
    deadline = seconds.map { Date() + TimeInterval($0) } ?? .distantFuture
  }

  func next() -> UInt64? {
    let number = count.withLock { count in
      defer { count += 1 }
      return count
    }
    guard number < days, Date() < deadline else { return nil }
    let fixedCount = isFromFixed ? Self.fixed.count : 0
    return number < fixedCount
      ? Self.fixed.lowerBound + UInt64(number) : first &+ UInt64(number - fixedCount)
  }
}
