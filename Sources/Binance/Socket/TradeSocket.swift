import Logging
import NIOCore
import Synchronization
import TradingModel
import Transport

/// The WebSocket API for orders: one connection, questions and answers by id. Where it is not up,
/// orders go by REST under the same client id.
///
/// A request that was written and not answered has an unknown outcome: it is looked up, never sent
/// again by another way.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-api-general-info
final class TradeSocket: Sendable {
  /// What came of a request.
  enum Outcome: Sendable, Hashable {
    case answered(JSONValue)
    /// Nothing was written: another way may be taken.
    case notWritten
    /// Written, and no answer came in time or before the connection ended.
    case unanswered
  }

  private struct State {
    var socket: WebSocket?
    var loop: (any EventLoop)?
    var isLoggedOn = false
    var nextID: UInt64 = 1
    var pending: [String: CheckedContinuation<Outcome, Never>] = [:]
  }

  /// More questions than that at once mean that nothing comes back any more.
  private static let mostPending = 256
  private static let logon = "logon"

  private let keys: BinanceKeys
  private let receiveWindow: Duration
  private let timeout: Duration
  private let state = Mutex(State())

  init(keys: BinanceKeys, receiveWindow: Duration, timeout: Duration) {
    self.keys = keys
    self.receiveWindow = receiveWindow
    self.timeout = timeout
  }

  var isUp: Bool { state.withLock { $0.socket != nil } }

  /// Asks, and waits for the answer.
  /// - Parameter time: By the venue's clock.
  func ask(
    _ method: String, _ fields: [BinanceField], at time: Timestamp,
    isolation: isolated (any Actor)? = #isolation
  ) async -> Outcome {
    let id = state.withLock { state in
      defer { state.nextID += 1 }
      return "o\(state.nextID)"
    }
    return await withTaskCancellationHandler {
      // Only a closure that knows where its caller runs stays there.
      _ = isolation
      return await withCheckedContinuation { continuation in
        write(id, method, fields, time, continuation)
      }
    } onCancel: {
      distrust(id)
    }
  }

  private func write(
    _ id: String, _ method: String, _ fields: [BinanceField], _ time: Timestamp,
    _ continuation: CheckedContinuation<Outcome, Never>
  ) {
    let way = state.withLock { state -> (WebSocket, any EventLoop, Bool)? in
      guard !Task.isCancelled, state.pending.count < Self.mostPending, let socket = state.socket,
        let loop = state.loop
      else { return nil }
      // Before it is written: the answer may come at once.
      state.pending[id] = continuation
      return (socket, loop, state.isLoggedOn)
    }
    guard let (socket, loop, isLoggedOn) = way else {
      return continuation.resume(returning: .notWritten)
    }
    let parameters = parameters(fields, at: time, signed: !isLoggedOn)
    let message: JSONValue = [
      "id": .string(id), "method": .string(method), "params": .object(parameters),
    ]
    do throws(WebSocketError) {
      try socket.send(message.text)
      loop.scheduleTask(in: .nanoseconds(timeout.wholeNanoseconds)) { [weak self] in
        self?.distrust(id)
      }
    } catch {
      settle(id, .notWritten)
    }
  }

  /// The parameters with time, window and, on a session that is not logged on, key and signature.
  func parameters(
    _ fields: [BinanceField], at time: Timestamp, signed: Bool
  ) -> JSONObject {
    var all: [BinanceField] =
      fields + [
        ("recvWindow", "\(receiveWindow.wholeMilliseconds)"), ("timestamp", "\(time.milliseconds)"),
      ]
    if signed { all.append(("apiKey", keys.key)) }
    all.sort { $0.name < $1.name }
    var object = JSONObject(
      all.map { ($0.name, Self.isWhole($0.name) ? .number($0.value) : .string($0.value)) })
    if signed {
      let text = all.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
      object["signature"] = .string(keys.signature(of: text))
    }
    return object
  }

  /// Ids and times are JSON integers, decimals are text.
  private static func isWhole(_ name: String) -> Bool {
    ["recvWindow", "timestamp", "orderId", "algoId"].contains(name)
  }

  // MARK: The connection

  /// Called on the loop when a connection is open.
  /// - Parameter time: By the venue's clock.
  func opened(_ socket: WebSocket, on loop: any EventLoop, at time: Timestamp) {
    state.withLock { state in
      state.socket = socket
      state.loop = loop
      state.isLoggedOn = false
    }
    // Other keys than Ed25519 sign every request.
    guard keys.opensSessions else { return }
    let message: JSONValue = [
      "id": .string(Self.logon), "method": "session.logon",
      "params": .object(parameters([], at: time, signed: true)),
    ]
    // Without a session every request is signed: nothing is lost.
    do throws(WebSocketError) { try socket.send(message.text) } catch { return }
  }

  /// The connection is lost: what was asked on it stays unanswered.
  func lost() {
    let pending = state.withLock { state in
      state.socket = nil
      state.isLoggedOn = false
      defer { state.pending = [:] }
      return state.pending.values
    }
    for continuation in pending { continuation.resume(returning: .unanswered) }
  }

  /// An answer came.
  func take(_ reply: JSONValue) {
    guard let id = reply["id"]?.stringValue else { return }
    if id == Self.logon {
      let isDone = reply["result"] != nil
      state.withLock { $0.isLoggedOn = isDone }
      return
    }
    settle(id, .answered(reply))
  }

  /// No answer in time: the connection may be half-open. The next requests go by REST until another
  /// one stands.
  private func distrust(_ id: String) {
    let socket = state.withLock { state -> WebSocket? in
      guard state.pending[id] != nil else { return nil }
      defer { state.socket = nil }
      return state.socket
    }
    settle(id, .unanswered)
    socket?.close()
  }

  private func settle(_ id: String, _ outcome: Outcome) {
    let continuation = state.withLock { $0.pending.removeValue(forKey: id) }
    continuation?.resume(returning: outcome)
  }
}

/// Reads the answers, on the connection's loop.
final class TradeSocketHandler: WebSocketHandler {
  private let reader = JSONReader()
  private let trade: TradeSocket

  init(_ trade: TradeSocket) { self.trade = trade }

  func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool {
    do throws(JSONError) {
      try reader.read(bytes) { root throws(JSONError) in trade.take(root.value) }
      return true
    } catch {
      return false
    }
  }
}
