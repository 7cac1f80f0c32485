import Synchronization
import TradingModel
import Transport

/// `/v5/public/linear`: tickers, trades and liquidations.
///
/// Source: Bybit V5, public topics.
final class BybitPublicStream: ExchangeListener {
  /// Liquidations are told so often.
  private static let liquidationPush = Duration.milliseconds(500)
  /// Letters of all arguments of one subscription.
  private static let longestSubscription = 21_000

  private struct State {
    var subscribers = SubscriberList()
    /// The ticker rows as everybody knows them; what is told next is the difference.
    var told: [Symbol: JSONObject] = [:]
    /// What the rows were made of.
    var boards: [Symbol: SymbolBoard] = [:]
    var liquidations: [Liquidation] = []
    var liquidationsToldAt: Timestamp?
    var sequence: Int64 = 0
    var time = Timestamp(seconds: 0)
  }

  private let state = Mutex(State())
  private let texts: [Symbol: ContractText]
  private let delivery: StreamDelivery

  init(_ exchange: LoopbackExchange, _ delivery: StreamDelivery) {
    texts = Dictionary(
      uniqueKeysWithValues: exchange.instruments.map { ($0.symbol, ContractText($0)) })
    self.delivery = delivery
  }

  // MARK: What clients say

  func add(_ socket: ServerSocket) -> Int { state.withLock { $0.subscribers.add(socket) } }
  func remove(_ number: Int) { state.withLock { $0.subscribers.remove(number) } }

  func take(_ text: String, from socket: ServerSocket, number: Int, connection: String) {
    guard let request = BybitStreamRequest(text) else {
      return socket.send(
        BybitStreamAnswer.acknowledge("", id: "", connection: connection, failure: "Invalid JSON"))
    }
    func answer(_ failure: String = "") {
      socket.send(
        BybitStreamAnswer.acknowledge(
          request.operation, id: request.id ?? "", connection: connection, failure: failure))
    }
    switch request.operation {
    case "ping":
      socket.send(BybitStreamAnswer.publicPong(id: request.id, connection: connection))
    case "subscribe":
      if let failure = failure(of: request.topics) { return answer(failure) }
      state.withLock { state in
        answer()
        state.subscribers.change(number) { $0.topics.formUnion(request.topics) }
        for topic in request.topics { sendSnapshot(topic, state, to: socket) }
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

  /// Why a subscription is refused as a whole; nil when it is not.
  private func failure(of topics: [String]) -> String? {
    guard !topics.isEmpty else { return "args is empty" }
    guard topics.reduce(0, { $0 + $1.count }) <= Self.longestSubscription else {
      return "args size >\(Self.longestSubscription)"
    }
    for topic in topics {
      let parts = topic.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2, ["tickers", "publicTrade", "allLiquidation"].contains(parts[0])
      else { return BybitStreamAnswer.unknownTopic(topic) }
      guard texts[Symbol(venueName: parts[1])] != nil else { return "Invalid symbol :[\(topic)]" }
    }
    return nil
  }

  private func sendSnapshot(_ topic: String, _ state: State, to socket: ServerSocket) {
    let parts = topic.split(separator: ".", maxSplits: 1)
    guard parts.count == 2, parts[0] == "tickers",
      let row = state.told[Symbol(venueName: String(parts[1]))]
    else { return }
    delivery.send(
      Self.ticker(topic, "snapshot", row, state), topic: topic, to: [socket])
  }

  // MARK: What the market does

  func marketMoved(_ news: MarketNews) {
    delivery.release()
    state.withLock { state in
      state.time = news.time
      let events = news.events.filter { $0.venue == .bybit }
      tellTrades(events, news.bybit, &state)
      for board in news.bybit.symbols { tellTicker(board, &state) }
      for case .liquidation(let liquidation) in events { state.liquidations.append(liquidation) }
      tellLiquidations(&state)
    }
  }

  private func tellTicker(_ board: SymbolBoard, _ state: inout State) {
    guard state.boards.updateValue(board, forKey: board.symbol) != board else { return }
    let row = BybitTickerRow(board: board, time: state.time).stream
    guard let before = state.told.updateValue(row, forKey: board.symbol), before != row else {
      return
    }
    state.sequence += 1
    let topic = "tickers.\(board.symbol)"
    let listeners = state.subscribers.listeners(to: topic)
    guard !listeners.isEmpty else { return }
    var changed: JSONObject = ["symbol": .string(board.symbol.name)]
    for field in row.fields where before[field.key] != field.value {
      changed[field.key] = field.value
    }
    delivery.send(Self.ticker(topic, "delta", changed, state), topic: topic, to: listeners)
  }

  private static func ticker(
    _ topic: String, _ kind: String, _ row: JSONObject, _ state: State
  ) -> String {
    let message: JSONValue = [
      "topic": .string(topic), "type": .string(kind), "data": .object(row),
      "cs": .integer(state.sequence), "ts": .integer(state.time.milliseconds),
    ]
    return message.text
  }

  private func tellTrades(
    _ events: [MarketEvent], _ boards: MarketBoard, _ state: inout State
  ) {
    var rows: [(symbol: Symbol, rows: [JSONValue])] = []
    for case .trade(let trade) in events {
      guard let text = texts[trade.symbol] else { continue }
      state.sequence += 1
      let row: JSONValue = [
        "T": .integer(trade.time.milliseconds), "s": .string(trade.symbol.name),
        "S": .string(trade.aggressor.bybit), "v": text.quantity(trade.quantity),
        "p": text.price(trade.price),
        "L": .string(boards[trade.symbol]?.tickDirection.rawValue ?? ""),
        "i": .string("\(state.sequence)"), "BT": false, "RPI": false,
        "seq": .integer(state.sequence),
      ]
      if let place = rows.firstIndex(where: { $0.symbol == trade.symbol }) {
        rows[place].rows.append(row)
      } else {
        rows.append((trade.symbol, [row]))
      }
    }
    for (symbol, rows) in rows { tell("publicTrade.\(symbol)", rows, state) }
  }

  private func tellLiquidations(_ state: inout State) {
    if let last = state.liquidationsToldAt, state.time - last < Self.liquidationPush { return }
    guard !state.liquidations.isEmpty else { return }
    state.liquidationsToldAt = state.time
    let waiting = state.liquidations
    state.liquidations = []
    for symbol in Set(waiting.map(\.symbol)).sorted() {
      guard let text = texts[symbol] else { continue }
      let rows = waiting.filter { $0.symbol == symbol }.map { liquidation -> JSONValue in
        [
          "T": .integer(liquidation.time.milliseconds), "s": .string(symbol.name),
          // The side of the position: Buy was a long.
          "S": .string(liquidation.closed.bybit), "v": text.quantity(liquidation.quantity),
          "p": text.price(liquidation.price),
        ]
      }
      tell("allLiquidation.\(symbol)", rows, state)
    }
  }

  private func tell(_ topic: String, _ rows: [JSONValue], _ state: State) {
    let listeners = state.subscribers.listeners(to: topic)
    guard !listeners.isEmpty else { return }
    let message: JSONValue = [
      "topic": .string(topic), "type": "snapshot", "ts": .integer(state.time.milliseconds),
      "data": .array(rows),
    ]
    delivery.send(message.text, topic: topic, to: listeners)
  }
}
