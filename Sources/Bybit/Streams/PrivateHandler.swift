import Logging
import TradingModel
import Transport

/// Logs in, subscribes, and reads orders, executions, positions and the wallet. By simdjson: these
/// frames are few, and each must be understood to the last field.
///
/// Source: https://bybit-exchange.github.io/docs/v5/ws/connect#authentication and
/// `/v5/websocket/private/order`
final class PrivateHandler: WebSocketHandler {
  private let reader = JSONReader()
  private let socket: WebSocket
  private let tally: FrameTally
  private let clock: any WallClock
  private let log: Logger
  private let access: BybitStreams.PrivateAccess
  private let deadline: AnswerDeadline
  private let publish: @Sendable (VenueEvent) -> Void
  /// The link is up when the subscriptions stand, not with the first sign of life.
  private var pulse: LinkPulse

  init(
    socket: WebSocket, access: BybitStreams.PrivateAccess, tally: FrameTally,
    deadline: AnswerDeadline, clock: any WallClock, log: Logger,
    publish: @escaping @Sendable (VenueEvent) -> Void
  ) {
    self.socket = socket
    self.tally = tally
    self.clock = clock
    self.log = log
    self.access = access
    self.deadline = deadline
    self.publish = publish
    pulse = LinkPulse(links: [.account], of: .bybit, isUp: true, clock: clock, publish: publish)
    send(access.keys.login(expiry: clock.now + access.clockOffset() + .seconds(10)))
    expectAnswer(to: "auth")
  }

  deinit { deadline.end() }

  /// Pongs alone are no account: a connection that leaves this unanswered is closed, and another made.
  private func expectAnswer(to operation: String) {
    deadline.begin { [socket, publish, log, limit = deadline.limit] in
      let words = "\(operation) was not answered within \(limit)"
      log.error("Bybit's private stream is given up", metadata: ["reason": "\(words)"])
      publish(.link(.account, isUp: false, detail: words))
      socket.close()
    }
  }

  /// What is subscribed to. The plain and the fine-grained forms of a topic must not be mixed.
  private var topics: JSONValue {
    var topics: [JSONValue] = ["order", "execution", "position", "wallet"]
    if access.onFastExecution != nil { topics.append("execution.fast") }
    if access.guardsAgainstDisconnect() { topics.append("dcp.future") }
    return .array(topics)
  }

  func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool {
    tally.noteRead()
    do throws(JSONError) {
      try reader.read(bytes) { root throws(JSONError) in try take(root.value) }
      return true
    } catch {
      tally.noteMalformed()
      log.warning("a private frame can't be read", metadata: ["error": "\(error)"])
      // What it said is not known: the account must be read.
      publish(.accountGap)
      return false
    }
  }

  private func take(_ frame: JSONValue) throws(JSONError) {
    pulse.beat()
    if let operation = frame["op"]?.stringValue { return answer(operation, frame) }
    guard let topic = frame["topic"]?.stringValue else { return }
    switch topic {
    case "order": try each(frame) { row throws(JSONError) in .order(try Order(bybit: row)) }
    case "execution":
      try each(frame) { row throws(JSONError) in try Fill(bybit: row).map { .fill($0) } }
    case "position":
      try each(frame) { row throws(JSONError) in
        .position(
          try PositionKey(bybit: row), try Position(bybit: row), at: try row.time("updatedTime"))
      }
    case "wallet":
      // The row does not name the margin mode: before the first reading of the account it is unknown.
      guard let mode = access.marginMode() else { return }
      // The venue's own time, so that one which comes late is known for what it is.
      let time = frame["creationTime"] == nil ? clock.now : try frame.time("creationTime")
      try each(frame) { row throws(JSONError) in
        try Wallet(bybit: row, mode: mode, at: time).map { .wallet($0) }
      }
    case "execution.fast":
      try each(frame) { row throws(JSONError) in
        let execution = try FastExecution(bybit: row)
        access.onFastExecution?(execution)
        return nil
      }
    default: return  // `dcp.future` only has to be listened to.
    }
  }

  private func each(
    _ frame: JSONValue, read: (JSONValue) throws(JSONError) -> AccountEvent?
  ) throws(JSONError) {
    for row in try frame.array("data") {
      if Self.isForeign(row) { continue }
      if let event = try read(row) { publish(.account(event)) }
    }
  }

  /// Spot, options, and contracts that settle in something else: the account is read without them.
  private static func isForeign(_ row: JSONValue) -> Bool {
    if let category = row["category"]?.stringValue, category != "linear" { return true }
    guard let symbol = row["symbol"]?.stringValue else { return false }
    return !Symbol(venueName: symbol).isUSDTPerpetual
  }

  private func answer(_ operation: String, _ frame: JSONValue) {
    let failed = frame["success"] == .bool(false)
    let code = frame["retCode"].map { $0 != 0 } ?? false
    if failed || code {
      let words =
        frame["ret_msg"]?.stringValue ?? frame["retMsg"]?.stringValue ?? "without a reason"
      let reason = access.keys.redactor.redact(words)
      log.error(
        "Bybit refused on the private stream",
        metadata: ["op": "\(operation)", "reason": "\(reason)"])
      deadline.end()
      publish(.link(.account, isUp: false, detail: "\(operation) refused: \(reason)"))
      socket.close()
      return
    }
    switch operation {
    case "auth":
      send(["op": "subscribe", "args": topics])
      expectAnswer(to: "subscribe")
    case "subscribe":
      deadline.end()
      // What happened before this moment was not told: it must be read.
      publish(.link(.account, isUp: true, detail: ""))
      publish(.accountGap)
    default: return
    }
  }

  private func send(_ message: JSONValue) {
    do {
      try socket.send(message.text)
    } catch {
      log.warning("the private stream takes nothing", metadata: ["error": "\(error)"])
    }
  }
}
