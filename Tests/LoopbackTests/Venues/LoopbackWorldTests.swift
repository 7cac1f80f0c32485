import Loopback
import Simulation
import TestSupport
import Testing
import TradingModel
import Transport

/// Everything together, steered by the control interface.
struct LoopbackWorldTests {
  private let clock = ManualClock()

  private func control(
    _ world: LoopbackWorld, _ method: String, _ path: String, _ body: JSONObject = [:]
  ) async throws -> JSONValue {
    let response = await world.control.handle(
      ServerRequest(
        method: method, path: "/control/\(path)",
        body: body.isEmpty ? [] : JSONValue.object(body).bytes))
    return try JSONValue(parsing: response.body)
  }

  @Test func `one line of JSON says where everything is`() async throws {
    try await LoopbackWorld.serving(clock: clock, chance: SeededRandom(seed: 1)) { world in
      let line = world.addresses.json
      let json = try JSONValue(parsing: line)
      #expect(!line.contains("\n"))
      #expect(
        try json.object().keys == [
          "telegram", "token", "bybit_rest", "bybit_ws", "binance_rest", "binance_ws", "api_key",
          "api_secret", "control",
        ])
      let client = CurlHTTPClient()
      let address = try RequestURL("\(world.addresses.bybitREST)/v5/market/time")
      let answer = try JSONValue(parsing: try await client.send(HTTPRequest(.get, address)).body)
      #expect(try answer.string("result", "timeSecond") == "\(clock.now.seconds)")
    }
  }

  @Test func `a port that is taken is named`() async throws {
    let world = try await LoopbackWorld(clock: clock, chance: SeededRandom(seed: 1))
    let port = Int(world.addresses.telegram.split(separator: ":").last ?? "") ?? 0
    await #expect {
      _ = try await LoopbackWorld(
        LoopbackOptions(portBase: port), clock: clock, chance: SeededRandom(seed: 1))
    } throws: { error in
      guard case .portUnavailable("telegram", port, _)? = error as? LoopbackError else {
        return false
      }
      return true
    }
    world.shutdown()
    await world.run()
  }

  @Test func `a hand opens, the market jumps, and what was opened is gone`() async throws {
    try await LoopbackWorld.serving(clock: clock, chance: SeededRandom(seed: 1)) { world in
      #expect(
        try await control(world, "POST", "market", ["paused": true])["paused"] == true)
      let opened = try await control(
        world, "POST", "open",
        ["symbol": "BTC", "side": "long", "notional": 50_000, "leverage": 10])
      #expect(opened["status"] == "Filled")
      let before = try await control(world, "GET", "account")
      #expect(try before.array("positions").count == 1)
      let margin: Notional = try before.amount("wallet", "totalInitialMargin")
      #expect(margin > .usdt(4_900) && margin < .usdt(5_100))
      let jump = try await control(world, "POST", "jump", ["symbol": "btc", "percent": -12])
      let prices: (before: Price, last: Price) = (
        try jump.amount("moved", 0, "before"), try jump.amount("moved", 0, "last")
      )
      #expect(prices.last.isBelow(prices.before, by: .percent(11)))
      #expect(try await control(world, "GET", "account").array("positions").isEmpty)
      _ = try await control(world, "POST", "deposit", ["amount": 1_000])
      _ = try await control(
        world, "POST", "open", ["symbol": "ETHUSDT", "side": "short", "quantity": "0.5"])
      let closed = try await control(world, "POST", "close")
      #expect(try closed.array("closed").count == 1)
    }
  }

  @Test func `what cannot be done is said in words`() async throws {
    let world = try await LoopbackWorld(clock: clock, chance: SeededRandom(seed: 1))
    for (path, body, words) in [
      ("open", ["symbol": "NOPE", "side": "long", "quantity": 1], "there is no NOPE"),
      ("open", ["symbol": "BTC", "side": "up", "quantity": 1], "long or short"),
      ("open", ["symbol": "BTC", "side": "long"], "quantity or notional"),
      ("open", ["symbol": "BTC", "side": "long", "notional": 1_000_000], "110007"),
      ("jump", ["percent": -95], "nothing here has a price that can move"),
      ("fail", ["endpoint": "order/dance", "code": 1], "there is no endpoint"),
      ("instrument", ["symbol": "BTC"], "trading must be true or false"),
      (
        "faults", ["service": "binance", "endpoint": "ordr", "fault": "unknown"],
        "did you mean order?"
      ),
      (
        "faults", ["service": "binance_stream", "endpoint": "ORDER_TRADE_UPDAT", "fault": "lose"],
        "did you mean ORDER_TRADE_UPDATE?"
      ),
      (
        "faults", ["service": "bybit_stream", "endpoint": "order.cancle", "fault": "lose"],
        "did you mean order.cancel?"
      ),
      ("deposit", ["amount": -20_000], "110004"), ("market", ["speed": 0], "above 0"),
    ] as [(String, JSONObject, String)] {
      let answer = try await control(world, "POST", path, body)
      #expect(answer["error"]?.stringValue?.contains(words) == true, "\(path): \(answer.text)")
    }
    world.shutdown()
    await world.run()
  }

  /// Each by the name that a call or a message of it counts under.
  @Test func `every endpoint, topic and method of the venues can be struck`() async throws {
    let world = try await LoopbackWorld(clock: clock, chance: SeededRandom(seed: 1))
    let names: [String: [String]] = [
      "bybit": ["order/create", "position/trading-stop", "account/wallet-balance"],
      "bybit_stream": ["wallet", "position", "orderbook.200.ETHUSDT", "order.amend-batch"],
      "binance": ["order", "algoOrder", "batchOrders", "positionRisk", "ticker/24hr", "listenKey"],
      "binance_stream": [
        "ACCOUNT_UPDATE", "ALGO_UPDATE", "listenKeyExpired", "order.place", "session.logon",
        "v2/account.balance", "!contractInfo", "ethusdt@depth20@100ms", "ethusdt@kline_4h",
        "connect",
      ],
    ]
    for (service, endpoints) in names.sorted(by: { $0.key < $1.key }) {
      for endpoint in endpoints {
        let fault: JSONObject = [
          "service": .string(service), "endpoint": .string(endpoint), "fault": "delay",
        ]
        let added = try await control(world, "POST", "faults", fault)
        #expect(added["number"] != nil, "\(service) \(endpoint): \(added.text)")
        #expect(world.faults.strike(service: service, endpoint: endpoint) != nil, "\(endpoint)")
      }
    }
    world.shutdown()
    await world.run()
  }

  @Test func `a failed call is the one that was named`() async throws {
    let world = try await LoopbackWorld(clock: clock, chance: SeededRandom(seed: 1))
    _ = try await control(
      world, "POST", "fail",
      ["endpoint": "/v5/market/time", "code": 10016, "reason": "restarting", "nth": 2])
    let rule = try #require(world.faults.entries.first?.rule)
    #expect(rule.endpoint == "market/time" && rule.skip == 1 && rule.times == 1)
    #expect(rule.fault == Fault("reject", ["code": 10016, "reason": "restarting"]))
    world.shutdown()
    await world.run()
  }
}
