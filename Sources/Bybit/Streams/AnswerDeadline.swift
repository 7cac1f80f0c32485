import NIOCore
import Synchronization
import TradingModel
import Transport

/// How long a connection may take to answer a login or a subscription: one that hears nothing of what it
/// asked for is up and tells nothing, while pongs go on. Asked and answered on the connection's loop.
final class AnswerDeadline: Sendable {
  let limit: Duration
  private let loop: any EventLoop
  private let waiting = Mutex<Scheduled<Void>?>(nil)

  init(_ limit: Duration, on loop: any EventLoop) {
    self.limit = limit
    self.loop = loop
  }

  /// From now on an answer is waited for, and only this one.
  /// - Parameter expired: Called on the loop when it has not come in time.
  func begin(_ expired: @escaping @Sendable () -> Void) {
    let task = loop.scheduleTask(in: .nanoseconds(limit.wholeNanoseconds), expired)
    waiting.withLock { waiting in
      waiting?.cancel()
      waiting = task
    }
  }

  /// It has come, or nobody waits for it any more.
  func end() {
    waiting.withLock { waiting in
      waiting?.cancel()
      waiting = nil
    }
  }
}
