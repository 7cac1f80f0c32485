import Synchronization
import TradingModel
import Transport

/// `/v5/public/linear`: books, candles, tickers, trades and liquidations.
///
/// Source: Bybit V5, public topics.
final class BybitPublicStream: ExchangeListener {
  /// Liquidations are told so often.
  private static let liquidationPush = Duration.milliseconds(500)
  /// Letters of all topics of one connection.
  private static let longestSubscription = 21_000

  private struct State {
    var subscribers = SubscriberList()
    /// The ticker rows as everybody knows them; what is told next is the difference.
    var told: [Symbol: JSONObject] = [:]
    /// What the rows were made of.
    var boards: [Symbol: SymbolBoard] = [:]
    var liquidations: [Liquidation] = []
    var liquidationsToldAt: Timestamp?
    var books = BybitBookTeller()
    var klines = BybitKlineTeller()
    var board = MarketBoard()
    var beat: Int64 = 0
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

  /// Cuts every connection without a word.
  func cutAll() {
    let sockets = state.withLock { $0.subscribers.subscribers.map(\.socket) }
    for socket in sockets { socket.reset() }
  }

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
      state.withLock { state in
        let known = state.subscribers[number]?.topics ?? []
        if let failure = failure(of: request.topics, besides: known) { return answer(failure) }
        answer()
        state.subscribers.change(number) { $0.topics.formUnion(request.topics) }
        for topic in request.topics { sendSnapshot(topic, &state, to: socket) }
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
  private func failure(of topics: [String], besides known: Set<String>) -> String? {
    guard !topics.isEmpty else { return "args is empty" }
    guard known.union(topics).reduce(0, { $0 + $1.count }) <= Self.longestSubscription else {
      return "args size >\(Self.longestSubscription)"
    }
    for topic in topics {
      guard let symbol = Self.symbol(of: topic) else {
        return BybitStreamAnswer.unknownTopic(topic)
      }
      guard texts[symbol] != nil else { return "Invalid symbol :[\(topic)]" }
    }
    return nil
  }

  /// The contract that a topic is about; nil for a topic that nobody tells.
  private static func symbol(of topic: String) -> Symbol? {
    if let book = BybitBookTeller.Topic(topic) { return book.symbol }
    if let kline = BybitKlineTeller.Topic(topic) { return kline.symbol }
    let parts = topic.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, ["tickers", "publicTrade", "allLiquidation"].contains(parts[0]) else {
      return nil
    }
    return Symbol(venueName: parts[1])
  }

  private func sendSnapshot(_ topic: String, _ state: inout State, to socket: ServerSocket) {
    if let book = BybitBookTeller.Topic(topic) {
      guard let board = state.board[book.symbol] else { return }
      let text = state.books.snapshot(book, board, beat: state.beat, at: state.time)
      return delivery.send(text, topic: topic, to: [socket])
    }
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
      state.board = news.bybit
      state.beat = news.beat
      let events = news.events.filter { $0.venue == .bybit }
      tellTrades(news.prints, state)
      tellBooksAndCandles(news, &state)
      for board in news.bybit.symbols { tellTicker(board, &state) }
      for case .liquidation(let liquidation) in events { state.liquidations.append(liquidation) }
      tellLiquidations(&state)
    }
  }

  private func tellTicker(_ board: SymbolBoard, _ state: inout State) {
    let topic = "tickers.\(board.symbol)"
    let isHeard = !state.subscribers.listeners(to: topic).isEmpty
    // Sizes at the touch change with every beat: they are looked at when somebody listens.
    guard state.boards.updateValue(board, forKey: board.symbol) != board || isHeard else { return }
    let row = BybitTickerRow(board: board, beat: state.beat, time: state.time).stream
    guard let before = state.told.updateValue(row, forKey: board.symbol), before != row else {
      return
    }
    state.sequence += 1
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

  private func tellTrades(_ prints: [MarketPrint], _ state: State) {
    var rows: [(symbol: Symbol, rows: [JSONValue])] = []
    for print in prints where print.trade.venue == .bybit {
      guard let instrument = state.board[print.trade.symbol]?.instrument else { continue }
      let row = JSONValue.object(BybitPrintRow(print, instrument).stream)
      if let place = rows.firstIndex(where: { $0.symbol == print.trade.symbol }) {
        rows[place].rows.append(row)
      } else {
        rows.append((print.trade.symbol, [row]))
      }
    }
    for (symbol, rows) in rows { tell("publicTrade.\(symbol)", rows, state) }
  }

  private func tellBooksAndCandles(_ news: MarketNews, _ state: inout State) {
    let topics = state.subscribers.subscribers.reduce(into: Set<String>()) {
      $0.formUnion($1.topics)
    }
    state.books.forget(except: topics)
    state.klines.forget(except: topics)
    for name in topics.sorted() {
      let listeners = state.subscribers.listeners(to: name)
      if let topic = BybitBookTeller.Topic(name), let board = news.bybit[topic.symbol] {
        if let text = state.books.news(topic, board, beat: news.beat, at: news.time) {
          delivery.send(text, topic: name, to: listeners)
        }
      } else if let topic = BybitKlineTeller.Topic(name), let text = texts[topic.symbol] {
        for message in state.klines.news(topic, news.bybitTape, text, at: news.time) {
          delivery.send(message, topic: name, to: listeners)
        }
      }
    }
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
