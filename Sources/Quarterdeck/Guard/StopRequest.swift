import Synchronization

/// Asked for once, from anywhere: the process is to end in order.
final class StopRequest: Sendable {
  private let flag = Atomic(false)

  var isMade: Bool { flag.load(ordering: .acquiring) }

  /// - Returns: Whether it is the first.
  @discardableResult
  func make() -> Bool { !flag.exchange(true, ordering: .acquiringAndReleasing) }
}
