import EngineCore
import TradingModel

/// Market events that wait, in the order of their arrival and never more than `capacity` of a kind.
///
/// A ticker that waits takes a newer one of its symbol into itself, in its place: prices are only
/// worth their latest word. Trades and liquidations are each a fact of their own; when there is no
/// more room the oldest of them goes, and is counted.
struct MarketLane {
  private struct TickerKey: Hashable {
    let venue: Venue
    let symbol: Symbol
  }

  private struct WaitingTicker {
    var ticker: Ticker
    var time: Timestamp
  }

  private let capacity: Int
  private var prints = Fifo<(place: UInt64, event: EngineEvent)>()
  private var tickerPlaces = Fifo<(place: UInt64, key: TickerKey)>()
  private var tickers: [TickerKey: WaitingTicker] = [:]
  private var nextPlace: UInt64 = 0
  private(set) var droppedCount = 0

  init(capacity: Int) {
    precondition(capacity > 0)
    self.capacity = capacity
  }

  var count: Int { prints.count + tickerPlaces.count }

  mutating func append(_ event: MarketEvent, at time: Timestamp) {
    if case .ticker(let ticker) = event {
      append(ticker, at: time)
    } else {
      if prints.count == capacity {
        _ = prints.popFirst()
        droppedCount += 1
      }
      prints.append((takePlace(), EngineEvent(.market(event), at: time)))
    }
  }

  /// The one that came first.
  mutating func popFirst() -> EngineEvent? {
    guard let place = tickerPlaces.first?.place else { return prints.popFirst()?.event }
    if let print = prints.first, print.place < place { return prints.popFirst()?.event }
    return popTicker()
  }

  private mutating func append(_ ticker: Ticker, at time: Timestamp) {
    let key = TickerKey(venue: ticker.venue, symbol: ticker.symbol)
    if let waiting = tickers[key] {
      tickers[key] = WaitingTicker(ticker: waiting.ticker.updated(by: ticker), time: time)
      return
    }
    if tickerPlaces.count == capacity {
      _ = popTicker()
      droppedCount += 1
    }
    tickers[key] = WaitingTicker(ticker: ticker, time: time)
    tickerPlaces.append((takePlace(), key))
  }

  private mutating func popTicker() -> EngineEvent? {
    guard let key = tickerPlaces.popFirst()?.key, let waiting = tickers.removeValue(forKey: key)
    else { return nil }
    return EngineEvent(.market(.ticker(waiting.ticker)), at: waiting.time)
  }

  private mutating func takePlace() -> UInt64 {
    nextPlace += 1
    return nextPlace
  }
}

extension Ticker {
  /// This ticker with what `newer` says; what it does not say stays.
  func updated(by newer: Ticker) -> Ticker {
    Ticker(
      venue: venue, symbol: symbol, last: newer.last ?? last, mark: newer.mark ?? mark,
      index: newer.index ?? index, bid: newer.bid ?? bid, ask: newer.ask ?? ask,
      vwap24h: newer.vwap24h ?? vwap24h, turnover24h: newer.turnover24h ?? turnover24h,
      fundingRate: newer.fundingRate ?? fundingRate, time: newer.time)
  }
}
