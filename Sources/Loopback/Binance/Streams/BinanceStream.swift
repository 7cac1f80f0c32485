import Synchronization
import TradingModel
import Transport

/// The streams: who listens, and what they are told when.
///
/// Source: Binance USD-M futures, market streams and user data streams.
final class BinanceStream: BinanceListener {
  static let longestList = 1_024

  private struct State {
    var subscribers = SubscriberList()
    var categories: [Int: BinanceTopic.Category] = [:]
    /// One for each stream that somebody listens to.
    var tellers: [String: BinanceTeller] = [:]
    var liquidations = BinanceLiquidationPace()
    var market: BinanceMarket?
  }

  private let state = Mutex(State())
  private let delivery: StreamDelivery

  init(_ delivery: StreamDelivery) { self.delivery = delivery }

  // MARK: Who listens

  /// - Parameter category: Nil on a path of old, which knows none.
  func add(
    _ socket: ServerSocket, streams: [String], category: BinanceTopic.Category?, isWrapped: Bool
  ) -> Int {
    state.withLock { state in
      let number = state.subscribers.add(socket)
      state.categories[number] = category
      state.subscribers.change(number) { $0.isWrapped = isWrapped }
      Self.subscribe(number, to: streams, &state)
      return number
    }
  }

  func remove(_ number: Int) {
    state.withLock { state in
      state.subscribers.remove(number)
      state.categories[number] = nil
      Self.prune(&state)
    }
  }

  /// Cuts every connection without a word; of one category, or all.
  func cutAll(_ category: BinanceTopic.Category? = nil) {
    let sockets = state.withLock { state in
      state.subscribers.subscribers
        .filter { category == nil || state.categories[$0.number] == category }.map(\.socket)
    }
    for socket in sockets { socket.reset() }
  }

  /// Closes every connection in good order, as after 24 hours.
  func closeAll() {
    let sockets = state.withLock { $0.subscribers.subscribers.map(\.socket) }
    for socket in sockets { socket.close(code: 1000, reason: "24 hours are over") }
  }

  func topics(of number: Int) -> Set<String> {
    state.withLock { $0.subscribers[number]?.topics ?? [] }
  }

  /// - Returns: Why not; nil when it is done.
  func subscribe(_ number: Int, to streams: [String]) -> String? {
    state.withLock { state in
      let known = state.subscribers[number]?.topics.count ?? 0
      guard known + streams.count <= Self.longestList else {
        return "Invalid request: too many streams"
      }
      if let category = state.categories[number] {
        let strangers = streams.filter {
          BinanceTopic($0).map { !$0.belongs(to: category) } ?? false
        }
        if let stranger = strangers.first {
          return "Invalid request: \(stranger) is not told on /\(category.rawValue)"
        }
      }
      Self.subscribe(number, to: streams, &state)
      return nil
    }
  }

  func unsubscribe(_ number: Int, from streams: [String]) {
    state.withLock { state in
      state.subscribers.change(number) { $0.topics.subtract(streams) }
      Self.prune(&state)
    }
  }

  func isWrapped(_ number: Int) -> Bool {
    state.withLock { $0.subscribers[number]?.isWrapped ?? false }
  }

  func setWrapped(_ number: Int, _ isWrapped: Bool) {
    state.withLock { $0.subscribers.change(number) { $0.isWrapped = isWrapped } }
  }

  private static func subscribe(_ number: Int, to streams: [String], _ state: inout State) {
    state.subscribers.change(number) { $0.topics.formUnion(streams) }
    for stream in streams where state.tellers[stream] == nil {
      guard let topic = BinanceTopic(stream) else { continue }
      state.tellers[stream] = BinanceTeller(topic, after: state.market)
    }
  }

  private static func prune(_ state: inout State) {
    let wanted = state.subscribers.subscribers.reduce(into: Set<String>()) {
      $0.formUnion($1.topics)
    }
    for stream in state.tellers.keys.sorted() where !wanted.contains(stream) {
      state.tellers[stream] = nil
    }
  }

  // MARK: What happens

  func marketMoved(_ market: BinanceMarket, own: [Liquidation]) {
    delivery.release()
    state.withLock { state in
      state.market = market
      let liquidations = state.liquidations.take(market, own: own)
      for stream in state.tellers.keys.sorted() {
        let payloads = state.tellers[stream]?.tell(market, liquidations) ?? []
        for payload in payloads { tell(stream, payload, fault: stream, state) }
      }
    }
  }

  func accountChanged(_ events: [BinanceAccountEvent]) {
    state.withLock { state in
      for event in events {
        delivery.transcript.note(
          "~ \(JSONValue.object(event.payload).text)", service: delivery.service)
        tell(event.listenKey, .object(event.payload), fault: event.name, state)
      }
    }
  }

  /// - Parameter fault: What faults call the message.
  private func tell(_ stream: String, _ payload: JSONValue, fault: String, _ state: State) {
    let plain = payload.text
    for subscriber in state.subscribers.subscribers where subscriber.topics.contains(stream) {
      let text = subscriber.isWrapped ? #"{"stream":"\#(stream)","data":\#(plain)}"# : plain
      delivery.send(text, topic: fault, to: [subscriber.socket])
    }
  }
}

/// At most one liquidation of each symbol within a second, the latest.
struct BinanceLiquidationPace: Sendable {
  private static let pause = Duration.seconds(1)

  private var waiting: [Symbol: Liquidation] = [:]
  private var allowedAt: [Symbol: Timestamp] = [:]

  /// - Returns: Those that are told now, sorted by symbol.
  mutating func take(_ market: BinanceMarket, own: [Liquidation]) -> [Liquidation] {
    for event in market.news.events where event.venue == .binance {
      if case .liquidation(let liquidation) = event { waiting[liquidation.symbol] = liquidation }
    }
    for liquidation in own { waiting[liquidation.symbol] = liquidation }
    var told: [Liquidation] = []
    for symbol in waiting.keys.sorted() {
      if let allowed = allowedAt[symbol], market.time < allowed { continue }
      guard let liquidation = waiting.removeValue(forKey: symbol) else { continue }
      allowedAt[symbol] = market.time + Self.pause
      told.append(liquidation)
    }
    return told
  }
}
