import Synchronization
import TradingModel
import Transport

/// `/v5/private`: orders, executions, positions and the wallet, for those who can sign.
///
/// Source: Bybit V5, private topics.
final class BybitPrivateStream: ExchangeListener {
  private static let topics = ["order", "execution", "position", "wallet"]
  private static let categories = ["spot", "linear", "inverse", "option"]

  private struct State {
    var subscribers = SubscriberList()
    var messages: Int64 = 0
  }

  private let state = Mutex(State())
  private let exchange: LoopbackExchange
  private let authority: BybitAuthority
  private let delivery: StreamDelivery

  init(_ exchange: LoopbackExchange, _ authority: BybitAuthority, _ delivery: StreamDelivery) {
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
          id: request.id, connection: connection, milliseconds: exchange.clock.now.milliseconds))
    case "auth":
      do throws(BybitRefusal) {
        try authority.check(streamArguments: request.arguments, at: exchange.clock.now)
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
    for topic in topics {
      let parts = topic.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      let isKnown =
        Self.topics.contains(parts[0])
        && (parts.count == 1
          || (parts.count == 2 && parts[0] != "wallet" && categories.contains(parts[1])))
      guard isKnown else { return BybitStreamAnswer.unknownTopic(topic) }
      if parts.count == 2, topics.contains(parts[0]) {
        return "error:\(parts[0]) and \(topic) can not be subscribed together"
      }
    }
    return nil
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
        for subscriber in state.subscribers.subscribers {
          let names = [topic, "\(topic).linear"].filter { subscriber.topics.contains($0) }
          for name in names {
            let message: JSONValue = [
              "id": .string("loopback:\(state.messages)"), "topic": .string(name),
              "creationTime": .integer(time.milliseconds), "data": [.object(row)],
            ]
            delivery.send(message.text, topic: topic, to: [subscriber.socket])
          }
        }
      }
    }
  }

  /// Transfers show as a change of the wallet alone.
  private func message(of news: AccountNews) -> (topic: String, row: JSONObject)? {
    switch news {
    case .order(let order, let stage):
      exchange.instrument(order.symbol).map {
        ("order", BybitOrderRow(order, $0, stage: stage).stream)
      }
    case .execution(let execution):
      exchange.instrument(execution.order.symbol).map {
        ("execution", BybitExecutionRow(execution, $0).stream)
      }
    case .position(let report):
      exchange.instrument(report.position.key.symbol).map {
        ("position", BybitPositionRow(report, $0).stream)
      }
    case .wallet(let wallet): ("wallet", BybitWalletRow(wallet).row)
    case .transfer: nil
    }
  }
}
