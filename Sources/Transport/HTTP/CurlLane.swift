import CCurl
import Glibc
import Synchronization

/// A thread with a libcurl multi handle: connections, their cache, and the transfers on them.
///
/// @unchecked Sendable: `multi` and `active` are touched by the lane's own thread only, apart from
/// the wake-up, which libcurl allows from any thread and the mailbox's lock keeps before the end.
final class CurlLane: @unchecked Sendable {
  typealias Continuation = CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>

  private struct Mailbox {
    var submitted: [(CurlTransfer, Continuation)] = []
    var cancelled: [CurlTransfer] = []
    var inFlight = 0
    var isStopping = false
    /// From then on `multi` is gone.
    var isOver = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let mailbox = Mutex(Mailbox())
  private let multi: UnsafeMutableRawPointer
  private let maxInFlight: Int
  private var active: [UnsafeMutableRawPointer: (CurlTransfer, Continuation)] = [:]
  /// Wake-ups and libcurl's own timers end a wait sooner.
  private static let longestWaitMilliseconds: Int32 = 60_000

  /// Nil when the system has no memory or no thread left.
  init?(maxInFlight: Int) {
    guard let multi = curl_multi_init() else { return nil }
    self.multi = multi
    self.maxInFlight = maxInFlight
    ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 8)
    // The thread holds the lane until it ends.
    let context = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let lane = Unmanaged<CurlLane>.fromOpaque(context).takeRetainedValue()
        lane.run()
        return nil
      }, context.toOpaque())
    guard failure == 0 else {
      context.release()
      curl_multi_cleanup(multi)
      return nil
    }
    pthread_detach(thread)
  }

  func submit(_ transfer: CurlTransfer, _ continuation: Continuation) {
    let refusal: HTTPError? = mailbox.withLock { mailbox in
      if mailbox.isStopping { return .cancelled(bodySent: false) }
      guard mailbox.inFlight < maxInFlight else { return .busy(limit: maxInFlight) }
      mailbox.inFlight += 1
      mailbox.submitted.append((transfer, continuation))
      curl_multi_wakeup(multi)
      return nil
    }
    if let refusal { continuation.resume(returning: .failure(refusal)) }
  }

  func cancel(_ transfer: CurlTransfer) {
    mailbox.withLock { mailbox in
      // Told before it is submitted, too: the task may have been cancelled from the start.
      transfer.isCancelled.store(true, ordering: .relaxed)
      guard !mailbox.isOver else { return }
      mailbox.cancelled.append(transfer)
      curl_multi_wakeup(multi)
    }
  }

  func stop() {
    mailbox.withLock { mailbox in
      guard !mailbox.isOver else { return }
      mailbox.isStopping = true
      curl_multi_wakeup(multi)
    }
  }

  /// Returns when the thread is done.
  func stopped() async {
    await withCheckedContinuation { continuation in
      let isOver = mailbox.withLock { mailbox in
        if !mailbox.isOver { mailbox.waiters.append(continuation) }
        return mailbox.isOver
      }
      if isOver { continuation.resume() }
    }
  }
}

// What the lane's own thread does.
extension CurlLane {
  private func run() {
    while takeMail() {
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      finishDone()
      curl_multi_poll(multi, nil, 0, Self.longestWaitMilliseconds, nil)
    }
    for easy in Array(active.keys) { finish(easy) { $0.cancelled() } }
    let waiters = mailbox.withLock { mailbox in
      mailbox.isOver = true
      curl_multi_cleanup(multi)
      defer { mailbox.waiters = [] }
      return mailbox.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// False when it is time to end.
  private func takeMail() -> Bool {
    let (submitted, cancelled, isStopping) = mailbox.withLock { mailbox in
      defer {
        mailbox.submitted = []
        mailbox.cancelled = []
      }
      return (mailbox.submitted, mailbox.cancelled, mailbox.isStopping)
    }
    for (transfer, continuation) in submitted { start(transfer, continuation) }
    for transfer in cancelled {
      if let easy = transfer.easy { finish(easy) { $0.cancelled() } }
    }
    return !isStopping
  }

  private func start(_ transfer: CurlTransfer, _ continuation: Continuation) {
    do throws(HTTPError) {
      if transfer.isCancelled.load(ordering: .relaxed) { throw .cancelled(bodySent: false) }
      let easy = try transfer.prepare()
      active[easy] = (transfer, continuation)
      let code = curl_multi_add_handle(multi, easy)
      if code != CURLM_OK {
        finish(easy) { _ in .failure(.connect(String(cString: curl_multi_strerror(code)))) }
      }
    } catch {
      deliver(.failure(error), to: continuation)
    }
  }

  private func finishDone() {
    var code = CURLE_OK
    while let easy = ccurl_next_done(multi, &code) {
      let result = code
      finish(easy) { $0.outcome(result) }
    }
  }

  private func finish(
    _ easy: UnsafeMutableRawPointer,
    _ outcome: (CurlTransfer) -> Result<HTTPResponse, HTTPError>
  ) {
    guard let (transfer, continuation) = active.removeValue(forKey: easy) else { return }
    let result = outcome(transfer)
    curl_multi_remove_handle(multi, easy)
    transfer.release()
    deliver(result, to: continuation)
  }

  private func deliver(
    _ result: Result<HTTPResponse, HTTPError>, to continuation: Continuation
  ) {
    mailbox.withLock { $0.inFlight -= 1 }
    continuation.resume(returning: result)
  }
}
