import Simulation
import Synchronization
import TradingModel
import Transport

/// `/v5/private`: orders, executions, positions and the wallet, for those who can sign.
///
/// Source: Bybit V5, private topics.
final class BybitPrivateStream: ExchangeListener {
  /// Those that come for one category, too: `order.linear`.
  private static let topics = ["order", "execution", "execution.fast", "position"]
  private static let wholeTopics = ["wallet", disconnection]
  private static let categories = ["spot", "linear", "inverse", "option"]
  /// Who listens to this wants its orders cancelled when it falls silent.
  private static let disconnection = "dcp.future"

  private struct State {
    var subscribers = SubscriberList()
    var messages: Int64 = 0
    /// When somebody who asked for protection against a lost connection was last heard of; nil while
    /// nobody did.
    var heardOfAt: Timestamp?
  }

  private let state = Mutex(State())
  private let exchange: LoopbackExchange
  private let authority: BybitAuthority
  private let delivery: StreamDelivery
  private let clock: any WallClock

  init(
    _ exchange: LoopbackExchange, _ authority: BybitAuthority, _ delivery: StreamDelivery,
    clock: any WallClock
  ) {
    self.clock = clock
    self.exchange = exchange
    self.authority = authority
    self.delivery = delivery
  }

  // MARK: What clients say

  func add(_ socket: ServerSocket) -> Int { state.withLock { $0.subscribers.add(socket) } }
  func remove(_ number: Int) { state.withLock { $0.subscribers.remove(number) } }

  /// Cuts every connection without a word.
  func cutAll() {
    let sockets = state.withLock { $0.subscribers.subscribers.map(\.socket) }
    for socket in sockets { socket.reset() }
  }

  func take(_ text: String, from socket: ServerSocket, number: Int, connection: String) {
    guard let request = BybitStreamRequest(text) else {
      return socket.send(
        BybitStreamAnswer.acknowledge("", id: nil, connection: connection, failure: "Invalid JSON"))
    }
    func answer(_ failure: String = "") {
      socket.send(
        BybitStreamAnswer.acknowledge(
          request.operation, id: request.id, connection: connection, failure: failure))
    }
    switch request.operation {
    case "ping":
      socket.send(
        BybitStreamAnswer.privatePong(
          id: request.id, connection: connection, milliseconds: clock.now.milliseconds))
    case "auth":
      do throws(BybitRefusal) {
        try authority.check(streamArguments: request.arguments, at: clock.now)
        state.withLock { $0.subscribers.change(number) { $0.isAuthorised = true } }
        answer()
      } catch {
        answer(error.reason)
        socket.close(code: 1000)
      }
    case "subscribe":
      // Under the lock: what happens after the answer is told, what happened before it is not.
      state.withLock { state in
        guard state.subscribers[number]?.isAuthorised == true else {
          return answer("Request not authorized")
        }
        if let failure = Self.failure(of: request.topics) { return answer(failure) }
        answer()
        state.subscribers.change(number) { $0.topics.formUnion(request.topics) }
        if request.topics.contains(Self.disconnection) { state.heardOfAt = exchange.clock.now }
      }
    case "unsubscribe":
      state.withLock { state in
        state.subscribers.change(number) { $0.topics.subtract(request.topics) }
      }
      answer()
    default:
      answer("Invalid operation: \(request.operation)")
    }
  }

  /// A topic and its categorised form must not stand in one request.
  private static func failure(of topics: [String]) -> String? {
    guard !topics.isEmpty else { return "args is empty" }
    for topic in topics where !wholeTopics.contains(topic) && !Self.topics.contains(topic) {
      let parts = topic.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      let whole = parts.dropLast().joined(separator: ".")
      guard let category = parts.last, categories.contains(category), Self.topics.contains(whole)
      else { return BybitStreamAnswer.unknownTopic(topic) }
      if topics.contains(whole) {
        return "error:\(whole) and \(topic) can not be subscribed together"
      }
    }
    return nil
  }

  // MARK: When it falls silent

  /// The client gave a sign of life.
  func noteLife(_ number: Int) {
    let now = exchange.clock.now
    state.withLock { state in
      if state.subscribers[number]?.topics.contains(Self.disconnection) == true {
        state.heardOfAt = now
      }
    }
  }

  /// Whether nobody of those who asked for protection was heard of for `window`. True once.
  func hasFallenSilent(for window: Duration, at now: Timestamp) -> Bool {
    state.withLock { state in
      guard let heardOfAt = state.heardOfAt, now - heardOfAt >= window else { return false }
      state.heardOfAt = nil
      return true
    }
  }

  // MARK: What the account does

  func marketMoved(_ news: MarketNews) { delivery.release() }

  func accountChanged(_ news: [AccountNews], at time: Timestamp) {
    state.withLock { state in
      for item in news {
        guard let (topic, row) = message(of: item) else { continue }
        state.messages += 1
        delivery.transcript.note(
          "~ \(topic) \(JSONValue.object(row).text)", service: delivery.service)
        tell(topic, row, id: "loopback:\(state.messages)", at: time, state.subscribers)
        if case .execution(let execution) = item, execution.kind == .trade,
          let instrument = exchange.instrument(execution.order.symbol)
        {
          let row = BybitExecutionRow(execution, instrument).fast
          tell("execution.fast", row, id: nil, at: time, state.subscribers)
        }
      }
    }
  }

  /// - Parameter id: The fast executions have none.
  private func tell(
    _ topic: String, _ row: JSONObject, id: String?, at time: Timestamp,
    _ subscribers: SubscriberList
  ) {
    for subscriber in subscribers.subscribers {
      for name in [topic, "\(topic).linear"] where subscriber.topics.contains(name) {
        var message: JSONObject = [:]
        if let id { message["id"] = .string(id) }
        message["topic"] = .string(name)
        message["creationTime"] = .integer(time.milliseconds)
        message["data"] = [.object(row)]
        delivery.send(JSONValue.object(message).text, topic: topic, to: [subscriber.socket])
      }
    }
  }

  /// Transfers show as a change of the wallet alone. Of an order that fills at once nothing is told
  /// before its fill.
  private func message(of news: AccountNews) -> (topic: String, row: JSONObject)? {
    switch news {
    case .order(_, .taken, _): nil
    case .order(let order, let stage, let profit):
      exchange.instrument(order.symbol).map {
        ("order", BybitOrderRow(order, $0, stage: stage).stream(profit: profit))
      }
    case .execution(let execution):
      exchange.instrument(execution.order.symbol).map {
        ("execution", BybitExecutionRow(execution, $0).stream)
      }
    case .position(let report):
      exchange.instrument(report.position.key.symbol).map {
        ("position", BybitPositionRow(report, $0).stream)
      }
    case .funding(let entry): ("execution", funding(entry))
    case .wallet(let wallet): ("wallet", BybitWalletRow(wallet).row)
    case .transfer: nil
    }
  }

  private func funding(_ entry: PaperLedgerEntry) -> JSONObject {
    let instrument = entry.key.flatMap { exchange.instrument($0.symbol) }
    var row: JSONObject = ["category": "linear"]
    for field in BybitLedgerRow(entry, instrument).execution.fields { row[field.key] = field.value }
    row["execPnl"] = "0"
    row["isLeverage"] = "0"
    return row
  }
}
