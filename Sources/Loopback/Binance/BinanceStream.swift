import Synchronization
import TradingModel
import Transport

/// The market streams: who listens, and what they are told when.
///
/// Source: Binance USD-M futures, market streams.
final class BinanceStream: ExchangeListener {
  static let longestList = 1024
  /// At most one liquidation per symbol, the latest, within this.
  private static let liquidationPause = Duration.seconds(1)

  private struct State {
    var subscribers = SubscriberList()
    var liquidations: [Symbol: Liquidation] = [:]
    var liquidationAllowedAt: [Symbol: Timestamp] = [:]
    var due: [Cadence: Timestamp] = [:]
    var trades: [Symbol: Int64] = [:]
    var toldTickers: [Symbol: SymbolBoard] = [:]
  }

  /// What is told by the clock.
  private enum Cadence: Hashable {
    case marks, slowMarks, allTickers, tickers

    var interval: Duration {
      switch self {
      case .marks, .allTickers: .seconds(1)
      case .tickers: .seconds(2)
      case .slowMarks: .seconds(3)
      }
    }
  }

  private let state = Mutex(State())
  private let texts: [Symbol: ContractText]
  private let delivery: StreamDelivery

  init(_ exchange: LoopbackExchange, _ delivery: StreamDelivery) {
    texts = Dictionary(
      uniqueKeysWithValues: exchange.instruments.map { ($0.symbol, ContractText($0)) })
    self.delivery = delivery
  }

  // MARK: Who listens

  func add(_ socket: ServerSocket, streams: [String], isWrapped: Bool) -> Int {
    state.withLock { state in
      let number = state.subscribers.add(socket)
      state.subscribers.change(number) {
        $0.topics = Set(streams)
        $0.isWrapped = isWrapped
      }
      return number
    }
  }

  func remove(_ number: Int) { state.withLock { $0.subscribers.remove(number) } }

  func change(_ number: Int, _ change: (inout SubscriberList.Subscriber) -> Void) {
    state.withLock { $0.subscribers.change(number, change) }
  }

  func subscriber(_ number: Int) -> SubscriberList.Subscriber? {
    state.withLock { $0.subscribers[number] }
  }

  // MARK: What the market does

  func marketMoved(_ news: MarketNews) {
    delivery.release()
    state.withLock { state in
      for event in news.events where event.venue == .binance {
        switch event {
        case .trade(let trade): tellTrade(trade, news.time, &state)
        case .liquidation(let liquidation):
          state.liquidations[liquidation.symbol] = liquidation
        case .ticker: break
        }
      }
      tellLiquidations(news.time, &state)
      tellMarks(news, &state)
      tellTickers(news, &state)
    }
  }

  private func tellTrade(_ trade: Trade, _ now: Timestamp, _ state: inout State) {
    guard let text = texts[trade.symbol] else { return }
    let number = state.trades[trade.symbol, default: 0] + 1
    state.trades[trade.symbol] = number
    tell(
      ["\(Self.name(trade.symbol))@aggTrade"], state,
      .object(BinanceFrames.aggregateTrade(trade, number: number, text, now: now)))
  }

  private func tellLiquidations(_ now: Timestamp, _ state: inout State) {
    for symbol in state.liquidations.keys.sorted() {
      if let allowed = state.liquidationAllowedAt[symbol], now < allowed { continue }
      guard let liquidation = state.liquidations.removeValue(forKey: symbol),
        let text = texts[symbol]
      else { continue }
      state.liquidationAllowedAt[symbol] = now + Self.liquidationPause
      tell(
        ["!forceOrder@arr", "\(Self.name(symbol))@forceOrder"], state,
        .object(BinanceFrames.forceOrder(liquidation, text, now: now)))
    }
  }

  private func tellMarks(_ news: MarketNews, _ state: inout State) {
    for (cadence, suffix) in [(Cadence.marks, "@1s"), (.slowMarks, "")]
    where isDue(cadence, news.time, &state) {
      tellAll(
        news.binance.symbols, all: "!markPrice@arr\(suffix)", each: "markPrice\(suffix)", state
      ) { BinanceFrames.markPrice($0, now: news.time) }
    }
  }

  private func tellTickers(_ news: MarketNews, _ state: inout State) {
    if isDue(.allTickers, news.time, &state) {
      let changed = news.binance.symbols.filter { state.toldTickers[$0.symbol] != $0 }
      for board in changed { state.toldTickers[board.symbol] = board }
      tellAll(changed, all: "!ticker@arr", each: nil, state) {
        BinanceFrames.dayTicker($0, now: news.time)
      }
    }
    if isDue(.tickers, news.time, &state) {
      tellAll(news.binance.symbols, all: nil, each: "ticker", state) {
        BinanceFrames.dayTicker($0, now: news.time)
      }
    }
  }

  private func isDue(_ cadence: Cadence, _ now: Timestamp, _ state: inout State) -> Bool {
    if let due = state.due[cadence], now < due { return false }
    state.due[cadence] = now + cadence.interval
    return true
  }

  /// An array for the stream of all symbols, objects for those of single ones.
  private func tellAll(
    _ boards: [SymbolBoard], all: String?, each: String?, _ state: State,
    _ payload: (SymbolBoard) -> JSONObject
  ) {
    if let all, !boards.isEmpty, hasListeners([all], state) {
      tell([all], state, .array(boards.map { .object(payload($0)) }))
    }
    guard let each else { return }
    for board in boards {
      let stream = "\(Self.name(board.symbol))@\(each)"
      if hasListeners([stream], state) { tell([stream], state, .object(payload(board))) }
    }
  }

  private func hasListeners(_ streams: [String], _ state: State) -> Bool {
    state.subscribers.subscribers.contains { !$0.topics.isDisjoint(with: streams) }
  }

  private func tell(_ streams: [String], _ state: State, _ payload: JSONValue) {
    guard hasListeners(streams, state) else { return }
    let plain = payload.text
    for stream in streams {
      for subscriber in state.subscribers.subscribers where subscriber.topics.contains(stream) {
        let text = subscriber.isWrapped ? #"{"stream":"\#(stream)","data":\#(plain)}"# : plain
        delivery.send(text, topic: stream, to: [subscriber.socket])
      }
    }
  }

  /// Stream names are in lower case.
  private static func name(_ symbol: Symbol) -> String { symbol.name.lowercased() }
}
