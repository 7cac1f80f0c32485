import Foundation

/// A thread of its own: a day belongs to one.
final class Worker: @unchecked Sendable {
  private let ended = DispatchSemaphore(value: 0)
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  func start() {
    let thread = Thread { [self] in
      body()
      ended.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  func wait() { ended.wait() }
}
