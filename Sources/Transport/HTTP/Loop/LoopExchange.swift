import NIOCore
import Synchronization

/// One request and what has come of it so far.
///
/// @unchecked Sendable: handed to the loop, which alone touches it from then on, apart from
/// `isCancelled`.
final class LoopExchange: @unchecked Sendable {
  let request: HTTPRequest
  let isCancelled = Atomic(false)
  /// It has reached the loop. Before, `isCancelled` alone tells of a cancellation.
  var isStarted = false
  /// Handed to the system to its last byte.
  var isSent = false
  /// It was tried on a kept connection that turned out to be dead.
  var wasRepeated = false
  /// Where it runs; nil while it waits.
  weak var connection: LoopConnection?
  private(set) var isOver = false
  private var deadline: Scheduled<Void>?
  private var over: (@Sendable () -> Void)?
  private var end: (@Sendable (Result<HTTPResponse, HTTPError>) -> Void)?

  init(_ request: HTTPRequest) { self.request = request }

  func onEnd(_ end: @escaping @Sendable (Result<HTTPResponse, HTTPError>) -> Void) {
    self.end = end
  }

  /// Called before anybody hears of the end.
  func onOver(_ body: @escaping @Sendable () -> Void) { over = body }

  /// Sets the time at which `body` gives it up.
  func limitTime(on loop: any EventLoop, _ body: @escaping @Sendable () -> Void) {
    deadline = loop.scheduleTask(in: TimeAmount(request.totalTimeout), body)
  }

  /// The first end counts.
  func finish(_ result: Result<HTTPResponse, HTTPError>) {
    guard !isOver else { return }
    isOver = true
    deadline?.cancel()
    deadline = nil
    let (over, end) = (over, end)
    (self.over, self.end) = (nil, nil)
    over?()
    end?(result)
  }
}
