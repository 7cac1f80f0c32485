import Logging
import NIOCore
import Synchronization
import TradingModel
import Transport

/// Bybit's connection for orders: logged in once, then each order is one frame there and one back.
/// Kept up until cancelled. Called on its own loop, it writes at once.
///
/// What was written and has no answer when the connection ends, when its time is up or when the
/// caller gives up has an unknown outcome.
///
/// Source: https://bybit-exchange.github.io/docs/v5/websocket/trade/guideline
public final class BybitTradeSocket: VenueStreams {
  /// An answer, and what its header says about the limit.
  typealias Reply = (answer: BybitAnswer, limits: LimitHeaders)
  private typealias Outcome = Result<Reply, TradeSocketError>

  private struct Pending {
    let continuation: CheckedContinuation<Outcome, Never>
    let deadline: Scheduled<Void>
  }

  private struct State {
    var socket: WebSocket?
    var isLoggedIn = false
    var pending: [String: Pending] = [:]
    var count: UInt64 = 0
  }

  private let connection: BybitConnection
  private let settings: BybitSettings
  private let keys: BybitKeys
  private let clockOffset: @Sendable () -> Duration
  private let clock: any WallClock
  private let loop: any EventLoop
  private let log: Logger
  private let stamp: String
  private let state = Mutex(State())

  /// - Parameters:
  ///   - clockOffset: How far the venue's clock is ahead, as REST measured it.
  ///   - loop: Where frames arrive; orders written on it take no other thread.
  /// Nil where the environment has no such connection: demo accounts.
  public init?(
    settings: BybitSettings, keys: BybitKeys, clockOffset: @escaping @Sendable () -> Duration,
    connector: WebSocketConnector, loop: any EventLoop, clock: any WallClock,
    chance: any RandomSource, log: Logger
  ) {
    guard let base = settings.tradeWebSocketURL else { return nil }
    connection = BybitConnection(
      base: base, path: "/v5/trade", connector: connector, loop: loop, clock: clock,
      chance: chance, log: log)
    self.settings = settings
    self.keys = keys
    self.clockOffset = clockOffset
    self.clock = clock
    self.loop = loop
    self.log = log
    // Request numbers are told apart over restarts, too.
    stamp = String(chance.next() & 0xFFFF_FFFF, radix: 36)
  }

  /// Whether an order would leave now.
  public var isUp: Bool { state.withLock { $0.isLoggedIn } }

  /// Keeps the connection up. It tells nothing: what becomes of orders is on the private stream.
  public func run(publish: @escaping @Sendable (VenueEvent) -> Void) async {
    await connection.run(
      lost: { _ in self.ended() },
      makeHandler: { socket in
        self.state.withLock { state in
          state.socket = socket
          state.isLoggedIn = false
        }
        return TradeHandler(
          self, socket, deadline: AnswerDeadline(self.settings.streamAnswerTimeout, on: self.loop),
          log: self.log)
      })
    ended()
  }

  var redactor: Redactor { keys.redactor }

  var venueNow: Timestamp { clock.now + clockOffset() }

  var login: JSONValue { keys.login(expiry: venueNow + .seconds(10), requestID: "login") }

  // MARK: Asking

  /// Sends one request and waits for its answer.
  /// - Parameter operation: `order.create` and its like.
  /// - Returns: What the venue said, be it a refusal.
  nonisolated(nonsending) func ask(
    _ operation: String, _ argument: JSONObject
  ) async throws(TradeSocketError) -> Reply {
    guard !Task.isCancelled else { throw .venue(.unreachable("cancelled before it was sent")) }
    let number = state.withLock { state -> String? in
      guard state.isLoggedIn else { return nil }
      state.count += 1
      return "\(stamp)-\(state.count)"
    }
    guard let number else { throw .notSent }
    let reply = try await outcome(of: number, operation, argument).get()
    if !reply.answer.isSuccess {
      let isHarmless = BybitCode.known(reply.answer.code)?.isHarmless ?? false
      log.log(
        level: isHarmless ? .debug : .warning, "Bybit refused on the trade connection",
        metadata: [
          "op": "\(operation)", "code": "\(reply.answer.code)",
          "reason": "\(reply.answer.reason)",
          "request": "\(redactor.redact(String(JSONValue.object(argument).text.prefix(1000))))",
        ])
    }
    return reply
  }

  private func outcome(
    of number: String, _ operation: String, _ argument: JSONObject,
    isolation: isolated (any Actor)? = #isolation
  ) async -> Outcome {
    await withTaskCancellationHandler {
      // Only a closure that knows where its caller runs stays there.
      _ = isolation
      return await withCheckedContinuation { continuation in
        write(number, operation, argument, continuation)
      }
    } onCancel: {
      distrust(number)
    }
  }

  private func frame(_ number: String, _ operation: String, _ argument: JSONObject) -> String {
    let message: JSONValue = [
      "reqId": .string(number),
      "header": [
        "X-BAPI-TIMESTAMP": .string("\(venueNow.milliseconds)"),
        "X-BAPI-RECV-WINDOW": .string("\(settings.receiveWindow.wholeMilliseconds)"),
      ],
      "op": .string(operation), "args": [.object(argument)],
    ]
    return message.text
  }

  /// Registered first: the answer may come before the write returns.
  private func write(
    _ number: String, _ operation: String, _ argument: JSONObject,
    _ continuation: CheckedContinuation<Outcome, Never>
  ) {
    let deadline = loop.scheduleTask(in: .nanoseconds(settings.totalTimeout.wholeNanoseconds)) {
      self.distrust(number)
    }
    let socket = state.withLock { state -> WebSocket? in
      state.pending[number] = Pending(continuation: continuation, deadline: deadline)
      return state.isLoggedIn ? state.socket : nil
    }
    // A cancellation may have come before there was anything to end.
    if Task.isCancelled {
      return finish(number, .failure(.venue(.unreachable("cancelled before it was sent"))))
    }
    guard let socket else { return finish(number, .failure(.notSent)) }
    do {
      // Stamped when it leaves.
      try socket.send(frame(number, operation, argument))
    } catch {
      finish(number, .failure(.notSent))
    }
  }

  /// No answer in time: the connection may be half-open. The next orders go by REST until another
  /// one stands.
  private func distrust(_ number: String) {
    let socket = state.withLock { state -> WebSocket? in
      guard state.pending[number] != nil else { return nil }
      state.isLoggedIn = false
      return state.socket
    }
    finish(number, .failure(.venue(.outcomeUnknown)))
    socket?.close()
  }

  private func finish(_ number: String, _ outcome: Outcome) {
    let pending = state.withLock { $0.pending.removeValue(forKey: number) }
    pending?.deadline.cancel()
    pending?.continuation.resume(returning: outcome)
  }

  // MARK: What the connection tells

  func loggedIn(on socket: WebSocket) {
    state.withLock { if $0.socket === socket { $0.isLoggedIn = true } }
  }

  /// Gives a connection up that takes nothing new. The next orders go by REST until another one
  /// stands: what is written on one that is closing has no answer.
  func leave(_ socket: WebSocket) {
    state.withLock { if $0.socket === socket { $0.isLoggedIn = false } }
    socket.close()
  }

  func answered(_ number: String, _ reply: Reply) {
    let isKnown = state.withLock { $0.pending[number] != nil }
    guard isKnown else {
      return log.notice(
        "an answer on the trade connection came too late", metadata: ["number": "\(number)"])
    }
    finish(number, .success(reply))
  }

  /// What has no answer yet gets none.
  private func ended() {
    let orphans = state.withLock { state in
      state.socket = nil
      state.isLoggedIn = false
      return state.pending.keys.sorted()
    }
    for number in orphans { finish(number, .failure(.venue(.outcomeUnknown))) }
  }
}
