import Logging
import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

/// Books, prints, candles and merged tickers, over a socket or straight into a handler.
@Suite(.timeLimit(.minutes(1)))
struct FeedTests {
  private let book = EventBook()
  private let listener = BookListener()
  private let tally = FrameTally()

  private func handler() -> PublicHandler {
    PublicHandler(
      topics: PublicTopics(), links: [.prices], listener: listener,
      tally: tally, clock: ManualClock(),
      log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() }, publish: book.take)
  }

  private func take(_ text: String, by handler: PublicHandler) -> Bool {
    Array(text.utf8).withUnsafeBytes { handler.received($0, kind: .text) }
  }

  private static func bookFrame(_ type: String, _ update: Int, bid: String) -> String {
    #"{"topic":"orderbook.50.BTCUSDT","type":"\#(type)","ts":1795176000001,"data":{"s":"BTCUSDT","#
      + #""b":[["\#(bid)","1"]],"a":[["101","1"]],"u":\#(update),"seq":1},"cts":1795176000000}"#
  }

  @Test func `changes of a ticker are merged into what is known`() throws {
    let handler = handler()
    let frames = [
      #"{"topic":"tickers.BTCUSDT","type":"snapshot","data":{"symbol":"BTCUSDT","lastPrice":"100","#
        + #""markPrice":"101","bid1Price":"99","ask1Price":"","turnover24h":"30000000000.5","#
        + #""volume24h":"300000000"},"cs":1,"ts":1795176000000}"#,
      #"{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","markPrice":"102"},"cs":2,"ts":1795176000100}"#,
      #"{"topic":"tickers.ETHUSDT","type":"delta","data":{"symbol":"ETHUSDT","markPrice":"7"},"cs":2,"ts":1795176000100}"#,
    ]
    for frame in frames { #expect(take(frame, by: handler)) }
    let first = Ticker(
      venue: .bybit, symbol: "BTCUSDT", last: "100", mark: "101", bid: "99",
      vwap24h: "100", turnover24h: "30000000000.5", time: .noon)
    var second = first
    second.mark = "102"
    second.time = .noon + .milliseconds(100)
    // Half a dollar over three hundred million coins.
    let tickers = book.market.compactMap { event -> Ticker? in
      if case .ticker(let ticker) = event { ticker } else { nil }
    }
    #expect(tickers.count == 3)
    #expect(tickers[0] == first)
    #expect(tickers[1] == second)
    #expect(tickers[2].last == nil)
    #expect(tally.counts.readSlowly == 0)
  }

  @Test func `prints are told one by one, block trades not at all`() {
    let handler = handler()
    let frame =
      #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[{"T":1795176000000,"s":"BTCUSDT","#
      + #""S":"Sell","v":"0.5","p":"100","L":"PlusTick","i":"x","BT":false,"RPI":false,"seq":1},"#
      + #"{"T":1795176000001,"s":"BTCUSDT","S":"Buy","v":"9","p":"1","i":"y","BT":true}]}"#
    #expect(take(frame, by: handler))
    #expect(
      book.market == [
        .trade(
          Trade(
            venue: .bybit, symbol: "BTCUSDT", price: "100", quantity: "0.5", aggressor: .sell,
            time: .noon))
      ])
  }

  @Test func `candles say whether they are closed`() {
    let handler = handler()
    for confirm in ["false", "true"] {
      let frame =
        #"{"topic":"kline.5.BTCUSDT","data":[{"start":1672324800000,"end":1672325099999,"#
        + #""interval":"5","open":"16649.5","close":"16677","high":"16677","low":"16608","#
        + #""volume":"2.081","turnover":"34666.4005","confirm":\#(confirm),"timestamp":1}],"#
        + #""ts":1672324988882,"type":"snapshot"}"#
      #expect(take(frame, by: handler))
    }
    #expect(
      listener.chronicle.lines == [
        "candle BTCUSDT 5m 16677 forming", "candle BTCUSDT 5m 16677 closed",
      ])
  }

  @Test func `topics that nobody listens to are counted, and never fail`() {
    let handler = handler()
    for frame in [
      #"{"topic":"insurance.USDT","type":"delta","ts":1,"data":[{"coin":"USDT"}]}"#,
      #"{"topic":"orderbook.rpi.BTCUSDT","ts":1,"type":"delta","data":{"b":[["1","2","3"]]}}"#,
      #"{"topic":"kline.7.BTCUSDT","data":[{}]}"#, #"{"topic":7,"data":{}}"#, "{}", "[]", "17",
    ] {
      #expect(take(frame, by: handler), "\(frame)")
    }
    #expect(tally.counts.ignored == 7)
    #expect(tally.counts.malformed == 0)
    #expect(!take("not JSON", by: handler))
    #expect(tally.counts.malformed == 1)
  }

  @Test func `a book with a gap is lost, asked for alone, and comes back`() async throws {
    let server = ScriptedStream { text, socket in
      guard text.contains(#""op":"subscribe""#), text.contains("orderbook.50.BTCUSDT") else {
        return
      }
      socket.send(Self.bookFrame("snapshot", 1, bid: "100"))
      if text.contains("tickers") {
        socket.send(Self.bookFrame("delta", 2, bid: "99.5"))
        socket.send(Self.bookFrame("delta", 4, bid: "99"))
      }
    }
    try await server.serving { address in
      var listening = Listening()
      listening.account = false
      listening.feeds = PublicFeeds(book: .fifty)
      listening.listener = listener
      try await listening.to(address) { streams in
        streams.follow(["BTCUSDT"])
        await listener.chronicle.wait(for: "book BTCUSDT 100/101", times: 3)
        #expect(streams.frameCounts.booksRenewed == 1)
      }
      await listener.chronicle.wait(for: "lost BTCUSDT: the connection has ended")
      #expect(
        listener.chronicle.lines == [
          "book BTCUSDT 100/101", "book BTCUSDT 100/101",
          "lost BTCUSDT: gap: update 4 came where 3 was due", "book BTCUSDT 100/101",
          "lost BTCUSDT: the connection has ended",
        ])
      let asked = server.said.lines.filter { $0.contains("orderbook") }
      #expect(
        asked == [
          #"{"op":"subscribe","args":["tickers.BTCUSDT","orderbook.50.BTCUSDT"],"req_id":"1"}"#,
          #"{"op":"unsubscribe","args":["orderbook.50.BTCUSDT"],"req_id":"2"}"#,
          #"{"op":"subscribe","args":["orderbook.50.BTCUSDT"],"req_id":"3"}"#,
        ])
    }
  }

  @Test func `a symbol that is no more is refused alone, and not asked for again`() async throws {
    let server = ScriptedStream { text, socket in
      guard let request = try? JSONValue(parsing: text), let number = request["req_id"]?.stringValue
      else { return }
      let isGood = !text.contains("GONEUSDT")
      socket.send(
        #"{"success":\#(isGood),"ret_msg":"\#(isGood ? "" : "handler not found")","#
          + #""conn_id":"c","req_id":"\#(number)","op":"subscribe"}"#)
      guard text.contains(#"["tickers.GONEUSDT"]"#) else { return }
      socket.send(
        #"{"topic":"tickers.BUSDT","type":"delta","ts":1,"data":{"symbol":"BUSDT","lastPrice":"1"}}"#
      )
    }
    try await server.serving { address in
      var listening = Listening()
      listening.account = false
      listening.feeds = PublicFeeds()
      try await listening.to(address) { streams in
        streams.follow(["AUSDT", "GONEUSDT", "BUSDT"])
        await server.said.wait(for: #"{"op":"subscribe","args":["tickers.GONEUSDT"],"req_id":"5"}"#)
        // Heard after the refusal: now a new request does not hold it.
        await listening.book.chronicle.wait(for: "ticker BUSDT")
        streams.unfollow(["AUSDT", "GONEUSDT"])
        await server.said.wait(for: #"{"op":"unsubscribe","args":["tickers.AUSDT"],"req_id":"6"}"#)
      }
    }
  }

  @Test func `what one connection can't hold goes on another`() async throws {
    let tick =
      #"{"topic":"tickers.SYMBOL1000USDT","type":"snapshot","data":{"symbol":"SYMBOL1000USDT","#
      + #""lastPrice":"1"},"cs":1,"ts":1795176000123}"#
    let server = ScriptedStream { text, socket in
      if text.contains("subscribe") { socket.send(tick) }
    }
    try await server.serving { address in
      var listening = Listening()
      listening.account = false
      listening.feeds = PublicFeeds(liquidations: true, trades: true, book: .fifty)
      try await listening.to(address) { streams in
        streams.follow((1000...1400).map { Symbol(venueName: "SYMBOL\($0)USDT") })
        await server.said.wait(for: "opened /v5/public/linear", times: 2)
        while server.said.lines.count < 36, !Task.isCancelled { await Task.yield() }
        await listening.book.chronicle.wait(for: "link prices up", times: 2)
      }
      let topics = try server.said.lines.filter { $0.contains("subscribe") }.flatMap {
        try JSONValue(parsing: $0).array("args").compactMap(\.stringValue)
      }
      #expect(topics.count == 401 * 4)
      #expect(Set(topics).count == 401 * 4)
      // One word of each.
      #expect(listening.book.words.count { $0 == "link prices up" } >= 2)
    }
  }

  @Test func `fast executions are told apart from fills`() async throws {
    let fast =
      #"{"topic":"execution.fast","creationTime":1,"data":[{"category":"linear","symbol":"#
      + #""ICPUSDT","execId":"e1","execPrice":"12.015","execQty":"3000","orderId":"v1","#
      + #""isMaker":false,"orderLinkId":"liq-1-1","side":"Sell","execTime":"1716800399334","seq":1}]}"#
    let server = ScriptedStream { text, socket in
      if text.contains("auth") {
        socket.send(#"{"success":true,"ret_msg":"","op":"auth","conn_id":"c"}"#)
      }
      if text.contains("execution.fast") {
        socket.send(#"{"success":true,"ret_msg":"","op":"subscribe","conn_id":"c"}"#)
        socket.send(fast)
      }
    }
    try await server.serving { address in
      let heard = Chronicle()
      var listening = Listening()
      listening.onFastExecution = { heard.write("\($0.orderID) \($0.side) \($0.quantity)") }
      try await listening.to(address) { _ in await heard.wait(for: "liq-1-1 sell 3000") }
      #expect(listening.book.account == [])
      #expect(
        server.said.lines.contains(
          #"{"op":"subscribe","args":["order","execution","position","wallet","execution.fast","#
            + #""dcp.future"]}"#))
    }
  }
}
