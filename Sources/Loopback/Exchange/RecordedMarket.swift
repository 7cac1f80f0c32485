import Simulation
import TradingModel

/// A market that was: recorded liquidations and trades of Binance, played again at their own pace.
///
/// Nothing of Bybit was recorded: its prices follow the recorded ones. Long silences are cut short.
/// After the last event the market stands still.
public struct RecordedMarket: MarketSource {
  /// A longer silence of the recording lasts so long.
  private static let longestSilence = Duration.seconds(5)

  public let instruments: [Instrument]
  public private(set) var time: Timestamp
  /// In order, at the time at which they are played.
  private let events: [MarketEvent]
  private var next = 0
  private var markets: [Symbol: RecordedPrice]
  private var jumped: [Symbol] = []

  /// - Parameter instruments: The venue's rules; where a contract is missing they are derived from
  ///   the digits of the recording.
  public init(_ feed: ReplayFeed, instruments: [Instrument] = []) {
    let derived = DerivedInstruments.of(feed.events)
    let rules = derived.map { rule in
      instruments.first { $0.symbol == rule.symbol } ?? rule
    }
    self.instruments = rules
    markets = Dictionary(
      uniqueKeysWithValues: rules.map { ($0.symbol, RecordedPrice(tick: $0.tickSize)) })
    let start = feed.events.first?.arrival ?? Timestamp(seconds: 0)
    var played: [MarketEvent] = []
    played.reserveCapacity(feed.events.count)
    var (last, moment) = (start, start)
    for event in feed.events {
      moment = moment + min(max(.zero, event.arrival - last), Self.longestSilence)
      last = max(last, event.arrival)
      played.append(event.event.stamped(moment))
    }
    time = start
    events = played
  }

  public func ticker(_ symbol: Symbol, on venue: Venue) -> Ticker? {
    markets[symbol]?.ticker(symbol, on: venue, at: time)
  }

  /// Later prices of the symbol are moved, too.
  public mutating func jump(_ symbol: Symbol, by share: Ratio) -> Bool {
    guard share >= .percent(-90), share <= .times(9), markets[symbol]?.last != nil else {
      return false
    }
    guard markets[symbol]?.jump(by: share) == true else { return false }
    jumped.append(symbol)
    return true
  }

  public mutating func step(to target: Timestamp) -> [MarketEvent] {
    var told: [MarketEvent] = []
    time = max(time, target)
    for symbol in jumped {
      guard let price = markets[symbol]?.last else { continue }
      told += prices(symbol, price, nil, at: time)
    }
    jumped = []
    while next < events.count, events[next].time <= target {
      told += play(events[next])
      next += 1
    }
    return told
  }

  private mutating func play(_ event: MarketEvent) -> [MarketEvent] {
    switch event {
    case .trade(var trade):
      guard let price = markets[trade.symbol]?.take(trade.price, trade.quantity) else { return [] }
      trade.price = price
      return prices(trade.symbol, price, trade, at: trade.time)
    case .liquidation(var liquidation):
      guard let market = markets[liquidation.symbol] else { return [] }
      liquidation.price = market.moved(liquidation.price)
      liquidation.averagePrice = market.moved(liquidation.averagePrice)
      // Of many contracts no trade was recorded: the forced ones are all that is known.
      guard !market.hasTrades,
        let price = markets[liquidation.symbol]?.take(liquidation.averagePrice)
      else { return [.liquidation(liquidation)] }
      return prices(liquidation.symbol, price, nil, at: liquidation.time)
        + [.liquidation(liquidation)]
    case .ticker:
      return [event]
    }
  }

  /// The trade, if there was one, and the tickers, on both venues.
  private func prices(
    _ symbol: Symbol, _ price: Price, _ trade: Trade?, at time: Timestamp
  ) -> [MarketEvent] {
    var told: [MarketEvent] = []
    for venue in [Venue.binance, .bybit] {
      if let ticker = markets[symbol]?.ticker(symbol, on: venue, at: time) {
        told.append(.ticker(ticker))
      }
      if var trade {
        trade.venue = venue
        told.append(.trade(trade))
      }
    }
    return told
  }
}

/// What a recording says of one contract's price.
private struct RecordedPrice: Sendable {
  let tick: Price
  private(set) var last: Price?
  private(set) var hasTrades = false
  /// By how much the price was moved by hand.
  private var factor = Ratio.one
  private var value = Notional.zero
  private var volume = Quantity.zero

  init(tick: Price) { self.tick = tick }

  /// The recorded price as it is after all jumps, on the tick.
  func moved(_ price: Price) -> Price {
    guard factor != .one else { return price }
    do {
      return max(tick, try price.scaled(by: factor).roundedDown(toMultipleOf: tick))
    } catch {
      return price
    }
  }

  /// - Returns: The price it has now.
  mutating func take(_ recorded: Price, _ quantity: Quantity) -> Price {
    let price = moved(recorded)
    hasTrades = true
    do {
      volume = try volume + quantity
      value += price * quantity
    } catch {
      // Past the largest amount the average begins anew.
      (value, volume) = (price * quantity, quantity)
    }
    last = price
    return price
  }

  mutating func take(_ moved: Price) -> Price {
    last = moved
    return moved
  }

  mutating func jump(by share: Ratio) -> Bool {
    guard let last else { return false }
    do {
      factor = try factor.scaled(by: .one + share)
      self.last = max(
        tick, try last.scaled(by: .one + share).roundedDown(toMultipleOf: tick))
      return true
    } catch {
      return false
    }
  }

  /// One tick wide; the average is that of the recorded trades.
  func ticker(_ symbol: Symbol, on venue: Venue, at time: Timestamp) -> Ticker? {
    guard let last else { return nil }
    var average: Price?
    do { average = try value.price(per: volume) } catch {}
    return Ticker(
      venue: venue, symbol: symbol, last: last, mark: last, index: last, bid: last,
      ask: Price(uncheckedCount: last.wideCount + tick.wideCount), vwap24h: average,
      turnover24h: volume.isZero ? nil : value, time: time)
  }
}
