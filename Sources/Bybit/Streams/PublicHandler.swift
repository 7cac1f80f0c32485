import TradingModel
import Transport

/// Reads tickers and liquidations in place, on the connection's loop.
///
/// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/ticker and
/// `/public/all-liquidation`
final class PublicHandler: WebSocketHandler {
  private let reader = JSONReader()
  private let links: [LinkName]
  private let clock: any WallClock
  private let publish: @Sendable (VenueEvent) -> Void
  private var isUp = false
  private var heartbeatAt: Timestamp?

  init(
    links: [LinkName], clock: any WallClock, publish: @escaping @Sendable (VenueEvent) -> Void
  ) {
    self.links = links
    self.clock = clock
    self.publish = publish
  }

  func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool {
    do throws(JSONError) {
      try reader.read(bytes) { root throws(JSONError) in try take(root) }
      return true
    } catch {
      return false
    }
  }

  private func take(_ root: JSONView) throws(JSONError) {
    sayAlive()
    // Pongs and acknowledgements have no topic.
    guard let topic = root.field("topic"), let data = root.field("data") else { return }
    if topic.hasPrefix("tickers.") {
      let time = Timestamp(milliseconds: try root.integer("ts"))
      publish(.market(.ticker(try Ticker(bybit: data, at: time))))
    } else if topic.hasPrefix("allLiquidation.") {
      for row in data.elements {
        publish(.market(.liquidation(try Liquidation(bybit: row))))
      }
    }
  }

  /// Any frame is a sign of life; liquidations may be silent for long.
  private func sayAlive() {
    if !isUp {
      isUp = true
      for link in links { publish(.link(link, isUp: true, detail: "")) }
    }
    let now = clock.now
    if let last = heartbeatAt, now - last < .seconds(1) { return }
    heartbeatAt = now
    for link in links { publish(.heartbeat(link)) }
  }
}

extension JSONView {
  fileprivate func hasPrefix(_ prefix: StaticString) -> Bool {
    bytes.starts(
      with: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
  }
}

extension Ticker {
  /// A `tickers` frame: a snapshot, or a delta with the changed fields alone.
  init(bybit data: JSONView, at time: Timestamp) throws(JSONError) {
    self.init(
      venue: .bybit, symbol: Symbol(venueName: try data.string("symbol")),
      last: try data.optionalAmount("lastPrice"), mark: try data.optionalAmount("markPrice"),
      index: try data.optionalAmount("indexPrice"), bid: try data.optionalAmount("bid1Price"),
      ask: try data.optionalAmount("ask1Price"), vwap24h: try Self.vwap(data),
      turnover24h: try data.optionalAmount("turnover24h"),
      fundingRate: try data.optionalAmount("fundingRate"), time: time)
  }

  /// Turnover ÷ volume of the rolling 24 hours; unknown unless the frame has both.
  private static func vwap(_ data: JSONView) throws(JSONError) -> Price? {
    guard let turnover: Notional = try data.optionalAmount("turnover24h"),
      let volume: Notional = try data.optionalAmount("volume24h"), !volume.isZero
    else { return nil }
    do throws(AmountError) {
      return try turnover.price(per: Quantity(count: volume.wideCount))
    } catch {
      return nil  // A volume beyond what a quantity holds: then the tape must do.
    }
  }
}

extension Liquidation {
  /// Bybit names the side of the **position**: Buy was a long. It gives one price, the bankruptcy
  /// price.
  init(bybit row: JSONView) throws(JSONError) {
    let price: Price = try row.amount("p")
    self.init(
      venue: .bybit, symbol: Symbol(venueName: try row.string("s")),
      closed: try row.string("S") == "Buy" ? .long : .short, price: price, averagePrice: price,
      quantity: try row.amount("v"), time: Timestamp(milliseconds: try row.integer("T")))
  }
}
