import Logging
import TradingModel
import Transport

/// Reads the frames of one public connection, on its loop: the hot kinds by the byte scanner, and by
/// simdjson what the scanner leaves.
///
/// Source: https://bybit-exchange.github.io/docs/v5/ws/connect and `/v5/websocket/public`
final class PublicHandler: WebSocketHandler {
  private let connection: Int
  private let topics: PublicTopics
  private let listener: (any MarketListener)?
  private let tally: FrameTally
  private let clock: any WallClock
  private let log: Logger
  private let publish: @Sendable (VenueEvent) -> Void

  private let reader = JSONReader()
  private var table = TopicTable()
  private var bookFrame = BookFrame()
  private var tickerFrame = TickerFrame()
  private var tradeFrame = TradeFrame()
  private var liquidationFrame = LiquidationFrame()
  private var pulse: LinkPulse

  init(
    connection: Int = 0, topics: PublicTopics, links: [LinkName],
    listener: (any MarketListener)? = nil, tally: FrameTally, clock: any WallClock,
    log: Logger,
    publish: @escaping @Sendable (VenueEvent) -> Void
  ) {
    self.connection = connection
    self.topics = topics
    self.listener = listener
    self.tally = tally
    self.clock = clock
    self.log = log
    self.publish = publish
    pulse = LinkPulse(
      links: links, of: .bybit, on: Self.line(connection), clock: clock, publish: publish)
  }

  static func line(_ connection: Int) -> LinkLine { LinkLine("Bybit public \(connection)") }

  deinit {
    for entry in table.entries {
      if let book = entry.book, book.isFresh {
        listener?.lostBook(
          of: entry.topic.symbol, depth: book.depth.rawValue, because: "the connection has ended")
      }
    }
  }

  func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool {
    tally.noteRead()
    do throws(OtherShape) {
      try scan(bytes)
      return true
    } catch {
      return readSlowly(bytes)
    }
  }

  // MARK: Straight from the bytes

  private func scan(_ bytes: UnsafeRawBufferPointer) throws(OtherShape) {
    var start = FrameScanner(bytes)
    try start.literal(#"{"topic":""#)
    if start.skips("orderbook.") {
      let place = try place(of: bookFrame.scan(bytes))
      takeBook(at: place)
    } else if start.skips("tickers.") {
      let place = try place(of: tickerFrame.scan(bytes))
      takeTicker(at: place)
    } else if start.skips("publicTrade.") {
      try tradeFrame.scan(bytes) { symbol(of: $0) }
      takeTrades()
    } else if start.skips("allLiquidation.") {
      try liquidationFrame.scan(bytes) { symbol(of: $0) }
      takeLiquidations()
    } else {
      throw OtherShape()
    }
    pulse.beat()
  }

  private func place(of topic: FrameText) throws(OtherShape) -> Int {
    guard let place = table.place(of: UnsafeRawBufferPointer(topic.bytes)) else {
      throw OtherShape()
    }
    return place
  }

  private func symbol(of name: FrameText) -> Symbol { Symbol(venueName: name.string) }

  // MARK: By simdjson

  private func readSlowly(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do throws(JSONError) {
      try reader.read(bytes) { root throws(JSONError) in try take(root) }
      tally.noteReadSlowly()
      return true
    } catch {
      tally.noteMalformed()
      log.warning(
        "a public frame can't be read",
        metadata: [
          "error": "\(error)",
          "frame": "\(String(decoding: bytes.prefix(200), as: UTF8.self))",
        ])
      return false
    }
  }

  private func take(_ root: JSONView) throws(JSONError) {
    guard let name = root.field("topic"), let data = root.field("data") else {
      return hear(answer: root)
    }
    guard name.kind == .string, let place = table.place(of: name.bytes) else {
      return tally.noteIgnored()
    }
    // Data alone shows that the subscriptions live: the venue answers pings without them, too.
    pulse.beat()
    switch table[place].topic.kind {
    case .ticker:
      try tickerFrame.read(root)
      takeTicker(at: place)
    case .book:
      try bookFrame.read(root)
      takeBook(at: place)
    case .trades:
      try tradeFrame.read(root)
      takeTrades()
    case .liquidations:
      try liquidationFrame.read(root)
      takeLiquidations()
    case .candles(let interval):
      for row in data.elements {
        listener?.changed(try Candle(bybit: row, of: table[place].topic.symbol, interval))
      }
    }
  }

  // MARK: What was read

  private func takeTicker(at place: Int) {
    if tickerFrame.isSnapshot {
      table[place].ticker = tickerFrame.fields
    } else {
      table[place].ticker.merge(tickerFrame.fields)
    }
    let ticker = table[place].ticker.ticker(table[place].topic.symbol, at: tickerFrame.time)
    publish(.market(.ticker(ticker)))
  }

  private func takeTrades() {
    for trade in tradeFrame.trades { publish(.market(.trade(trade))) }
  }

  private func takeLiquidations() {
    for liquidation in liquidationFrame.liquidations {
      publish(.market(.liquidation(liquidation)))
    }
  }

  private func takeBook(at place: Int) {
    guard let outcome = table[place].book?.take(bookFrame, at: clock.now) else { return }
    switch outcome {
    case .nothing: return
    case .changed:
      guard let listener, let feed = table[place].book else { return }
      listener.changed(feed.book, depth: feed.depth.rawValue, at: bookFrame.time)
    case .lost(let reason):
      let topic = table[place].topic
      log.notice(
        "a book was dropped", metadata: ["topic": "\(topic.name)", "reason": "\(reason)"])
      if case .book(let depth) = topic.kind {
        listener?.lostBook(of: topic.symbol, depth: depth.rawValue, because: "\(reason)")
      }
      renew(topic)
    case .overdue: renew(table[place].topic)
    }
  }

  /// That topic alone: the others go on.
  private func renew(_ topic: PublicTopic) {
    tally.noteBookRenewed()
    topics.renew(topic)
  }

  // MARK: Answers

  /// Pongs and acknowledgements have no topic.
  private func hear(answer: JSONView) {
    guard let success = answer.field("success"), success.kind == .bool else {
      return tally.noteIgnored()
    }
    guard let number = answer.field("req_id")?.text, !number.isEmpty else { return }
    let isAccepted = success.text == "true"
    let reason = answer.field("ret_msg")?.text ?? "without a reason"
    switch topics.answered(number, success: isAccepted, line: connection) {
    case .accepted: return
    case .divided:
      log.notice("Bybit refused a subscription: asked in parts", metadata: ["reason": "\(reason)"])
    case .refused(let refused):
      log.error(
        "Bybit refused a topic",
        metadata: ["topics": "\(refused.map(\.name))", "reason": "\(reason)"])
    }
  }
}
