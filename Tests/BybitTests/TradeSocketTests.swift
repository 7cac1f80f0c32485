import Synchronization
import TestSupport
import Testing
import TradingModel

@testable import Bybit
@testable import Transport

@Suite(.timeLimit(.minutes(1)))
struct TradeSocketTests {
  private func order(_ id: String, reduceOnly: Bool = false) -> OrderRequest {
    OrderRequest(
      id: ClientOrderID(id), symbol: "BTCUSDT", side: .buy, quantity: "0.1",
      reduceOnly: reduceOnly)
  }

  private func failure(
    _ body: () async throws(VenueError) -> String
  ) async -> VenueError? {
    do throws(VenueError) {
      _ = try await body()
      return nil
    } catch {
      return error
    }
  }

  @Test func `an order goes over the connection, under its own id, once logged in`() async throws {
    let server = TradeServer.answering { request, voice in
      voice.reply(to: request, data: ["orderId": "v1", "orderLinkId": "liq-1-1"])
    }
    try await server.serving { address in
      let trading = Trading()
      try await trading.on(address) { orders, socket in
        await socket.waitUntilUp()
        let id = try await orders.place(order("liq-1-1"))
        #expect(id == "v1")
      }
      #expect(trading.http.requests.isEmpty)
      let lines = server.said.lines.filter { $0.hasPrefix("{") }
      let login = try JSONValue(parsing: lines[0])
      let expiry = (Timestamp.noon + .seconds(10)).milliseconds
      #expect(
        login["args"] == [
          "key", .integer(expiry),
          .string(SigningKey.hmac(Secret("secret")).signature(of: "GET/realtime\(expiry)")),
        ])
      let request = try JSONValue(parsing: lines[1])
      #expect(request["op"] == "order.create")
      #expect(request["header"]?["X-BAPI-TIMESTAMP"] == "1795176000000")
      #expect(request["header"]?["X-BAPI-RECV-WINDOW"] == "5000")
      #expect(try request.string("reqId").count <= 36)
      #expect(try request.string("args", 0, "orderLinkId") == "liq-1-1")
      #expect(try request.string("args", 0, "category") == "linear")
      #expect(!server.said.lines.contains { $0.contains("\"secret\"") })
    }
  }

  @Test func `answers find their orders in whatever order they come`() async throws {
    let waiting = Mutex<[JSONValue]>([])
    let server = TradeServer.answering { request, voice in
      let both = waiting.withLock { held -> [JSONValue]? in
        held.append(request)
        return held.count == 2 ? held : nil
      }
      for request in both?.reversed() ?? [] {
        let id = request["args"]?[0]?["orderLinkId"]?.stringValue ?? "?"
        voice.reply(to: request, data: ["orderId": .string("v" + id)])
      }
    }
    try await server.serving { address in
      try await Trading().on(address) { orders, socket in
        await socket.waitUntilUp()
        async let first = orders.place(order("a"))
        async let second = orders.place(order("b"))
        let ids = try await [first, second]
        #expect(ids == ["va", "vb"])
      }
    }
  }

  @Test func `while it is not logged in orders go by REST`() async throws {
    let refusal = #"{"retCode":10004,"retMsg":"error sign","op":"auth","connId":"c"}"#
    let server = TradeServer.answering(login: refusal) { _, _ in }
    try await server.serving { address in
      let trading = Trading()
      trading.http.add(.code(0, result: ["orderId": "r1"]))
      try await trading.on(address) { orders, socket in
        while !server.said.lines.contains(where: { $0.contains("auth") }), !Task.isCancelled {
          await Task.yield()
        }
        #expect(!socket.isUp)
        let id = try await orders.place(order("liq-1-1"))
        #expect(id == "r1")
      }
      #expect(trading.http.requests.map(\.target) == ["/v5/order/create"])
    }
  }

  @Test func `an order that was written and met the end may exist, and goes no second way`()
    async throws
  {
    let server = TradeServer.answering { _, voice in voice.reset() }
    try await server.serving { address in
      let trading = Trading()
      trading.http.add(.code(0, result: ["orderId": "r1"]))
      try await trading.on(address) { orders, socket in
        await socket.waitUntilUp()
        let error = await failure { () async throws(VenueError) in
          try await orders.place(order("liq-1-1"))
        }
        #expect(error == .outcomeUnknown)
        #expect(trading.http.requests.isEmpty)
        await socket.waitUntilDown()
        // The next one never leaves on it.
        let id = try await orders.place(order("liq-1-2"))
        #expect(id == "r1")
      }
    }
  }

  @Test func `an answer that never comes, or a caller who gives up, leaves the outcome unknown`()
    async throws
  {
    let server = TradeServer.answering { _, _ in }
    try await server.serving { address in
      var trading = Trading()
      trading.totalTimeout = .milliseconds(20)
      try await trading.on(address) { orders, socket in
        await socket.waitUntilUp()
        let error = await failure { () async throws(VenueError) in
          try await orders.place(order("liq-1-1"))
        }
        #expect(error == .outcomeUnknown)
      }
      trading.totalTimeout = .seconds(60)
      try await trading.on(address) { orders, socket in
        await socket.waitUntilUp()
        let placing = Task {
          await failure { () async throws(VenueError) in try await orders.place(order("liq-1-2")) }
        }
        while !server.said.lines.contains(where: { $0.contains("liq-1-2") }), !Task.isCancelled {
          await Task.yield()
        }
        placing.cancel()
        #expect(await placing.value == .outcomeUnknown)
      }
      #expect(trading.http.requests.isEmpty)
    }
  }

  @Test(
    arguments: [
      (110003, .rejected(Rejection(code: 110003, reason: "why", meaning: .badPrice))),
      (20006, .unreachable("Bybit says 20006 why")), (10016, .outcomeUnknown),
      (10403, .rateLimited(retryAfter: .seconds(1))),
      (10429, .rateLimited(retryAfter: .seconds(1))),
      (20003, .rateLimited(retryAfter: .seconds(1))),
      (110072, .rejected(Rejection(code: 110072, reason: "why", meaning: .duplicateID))),
    ] as [(Int, VenueError)])
  func `a refusal on the connection says what to do next`(
    code: Int, expected: VenueError
  ) async throws {
    let server = TradeServer.answering { request, voice in voice.reply(to: request, code, "why") }
    try await server.serving { address in
      let trading = Trading()
      try await trading.on(address) { orders, socket in
        await socket.waitUntilUp()
        let error = await failure { () async throws(VenueError) in
          try await orders.place(order("liq-1-1"))
        }
        #expect(error == expected)
      }
      #expect(trading.http.requests.isEmpty)
    }
  }

  @Test func `a clock that the connection takes for wrong is measured by REST`() async throws {
    let server = TradeServer.answering { request, voice in voice.reply(to: request, 10002, "off") }
    try await server.serving { address in
      let trading = Trading()
      let theirs = Timestamp.noon + .seconds(7)
      trading.http.add(.code(0, result: ["timeNano": .string("\(theirs.nanoseconds)")]))
      try await trading.on(address) { orders, socket in
        await socket.waitUntilUp()
        for _ in 0..<2 {
          let error = await failure { () async throws(VenueError) in
            try await orders.place(order("liq-1-1"))
          }
          #expect(error == .clockSkew("off"))
        }
      }
      let times = try server.said.lines.filter { $0.contains("order.create") }.map {
        try JSONValue(parsing: $0).string("header", "X-BAPI-TIMESTAMP")
      }
      #expect(times == ["1795176000000", "1795176007000"])
    }
  }

  @Test func `what is so already is success there, too`() async throws {
    let server = TradeServer.answering { request, voice in
      voice.reply(to: request, request["op"] == "order.cancel" ? 110001 : 34040, "already")
    }
    try await server.serving { address in
      let trading = Trading()
      try await trading.on(address) { orders, socket in
        await socket.waitUntilUp()
        let reference = OrderReference(symbol: "BTCUSDT", id: ClientOrderID("liq-1-1"))
        try await orders.cancel(reference)
        try await orders.amend(OrderChange(reference, price: "64000"))
      }
      #expect(trading.http.requests.isEmpty)
      #expect(server.said.lines.contains { $0.contains(#""price":"64000""#) })
    }
  }

  @Test func `each order of a batch has its own end`() async throws {
    let server = TradeServer.answering { request, voice in
      let rows: JSONValue = [
        "list": [
          ["category": "linear", "symbol": "BTCUSDT", "orderId": "v1", "orderLinkId": "a"],
          ["category": "linear", "symbol": "BTCUSDT", "orderId": "", "orderLinkId": "b"],
        ]
      ]
      let extra: JSONValue = [
        "list": [["code": 0, "msg": "OK"], ["code": 110007, "msg": "ab not enough"]]
      ]
      voice.reply(to: request, data: rows, extra: extra)
    }
    try await server.serving { address in
      try await Trading().on(address) { orders, socket in
        await socket.waitUntilUp()
        let outcomes = await orders.place(all: [OrderTicket(order("a")), OrderTicket(order("b"))])
        #expect(
          outcomes == [
            .success("v1"),
            .failure(
              .rejected(
                Rejection(
                  code: 110007, reason: "ab not enough", meaning: .insufficientBalance))),
          ])
        // Three sent, two answered: which of them is not known.
        let three = await orders.place(all: ["a", "b", "c"].map { OrderTicket(order($0)) })
        #expect(three == Array(repeating: .failure(.outcomeUnknown), count: 3))
      }
      let sent = try JSONValue(
        parsing: try #require(server.said.lines.last { $0.contains("batch") }))
      #expect(try sent.string("op") == "order.create-batch")
      #expect(try sent.array("args", 0, "request").count == 3)
      #expect(try sent.string("args", 0, "category") == "linear")
      #expect(sent["args"]?[0]?["request"]?[0]?["category"] == nil)
    }
  }

  @Test func `a connection that restarts is left for another`() async throws {
    let server = TradeServer.answering { request, voice in
      voice.reply(to: request, 10019, "restarting")
    }
    try await server.serving { address in
      let trading = Trading()
      try await trading.on(address) { orders, socket in
        await socket.waitUntilUp()
        let error = await failure { () async throws(VenueError) in
          try await orders.place(order("liq-1-1"))
        }
        #expect(error == .outcomeUnknown)
        await socket.waitUntilDown()
      }
    }
  }

  @Test func `demo accounts have no such connection`() {
    #expect(BybitSettings(.demo)?.tradeWebSocketURL == nil)
    #expect(BybitSettings(.mainnet)?.tradeWebSocketURL == "wss://stream.bybit.com")
    #expect(BybitSettings(.testnet)?.tradeWebSocketURL == "wss://stream-testnet.bybit.com")
  }
}
