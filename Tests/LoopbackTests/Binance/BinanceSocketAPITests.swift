import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// The WebSocket API of the loopback Binance.
@Suite(.timeLimit(.minutes(1)))
struct BinanceSocketAPITests {
  /// Throwaway keys made for these tests; they open nothing outside this machine.
  private static let privateKey = "MC4CAQAwBQYDK2VwBCIEIE7CAx6Dq6dqA62AGThnXQoaZ+sKhOnBCRm/lF9nCKC4"
  private static let publicKey = "MCowBQYDK2VwAyEAC25F0UbDx2pbmvlfI8UTYKMcwKZZd4SVtl2DFlImM9Y="

  private func request(
    _ method: String, _ parameters: JSONObject = [:], _ bench: BinanceBench,
    key: String = BinanceBench.Signer().key,
    signing: SigningKey? = .hmac(Secret(BinanceBench.Signer().secret))
  ) -> JSONValue {
    var parameters = parameters
    if let signing {
      parameters["apiKey"] = .string(key)
      parameters["timestamp"] = .integer(bench.clock.now.milliseconds)
      let text = parameters.fields.sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value.stringValue ?? $0.value.text)" }.joined(separator: "&")
      parameters["signature"] = .string(signing.signature(of: text))
    }
    return ["id": "7", "method": .string(method), "params": .object(parameters)]
  }

  private static let order: JSONObject = [
    "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "price": "63000.0",
    "quantity": "0.1", "newClientOrderId": "mine-1",
  ]

  @Test func `orders are placed, modified, looked up and cancelled over the socket`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/ws-fapi/v1")
      let placed = try await listener.ask(request("order.place", Self.order, bench))
      #expect(placed["id"] == "7" && placed["status"] == 200)
      #expect(try placed.string("result", "status") == "NEW")
      let limits = try placed.array("rateLimits")
      #expect(limits.map { $0["count"] } == [1, 1, 0])
      let change: JSONObject = [
        "symbol": "BTCUSDT", "side": "BUY", "origClientOrderId": "mine-1", "price": "62000",
        "quantity": "0.2",
      ]
      let modified = try await listener.ask(request("order.modify", change, bench))
      #expect(try modified.string("result", "price") == "62000.00")
      let which: JSONObject = ["symbol": "BTCUSDT", "origClientOrderId": "mine-1"]
      let found = try await listener.ask(request("order.status", which, bench))
      #expect(try found.string("result", "origQty") == "0.200")
      let cancelled = try await listener.ask(request("order.cancel", which, bench))
      #expect(try cancelled.string("result", "status") == "CANCELED")
      let gone = try await listener.ask(request("order.cancel", which, bench))
      #expect(try gone["status"] == 400 && gone.integer("error", "code") == -2011)
    }
  }

  @Test func `everything else is asked for as over REST`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/ws-fapi/v1")
      let book = try await listener.ask(
        request("depth", ["symbol": "BTCUSDT", "limit": 5], bench, signing: nil))
      #expect(try book.array("result", "bids").count == 5)
      let price = try await listener.ask(
        request("ticker.price", ["symbol": "BTCUSDT"], bench, signing: nil))
      #expect(try price.string("result", "price") == "64000.00")
      for method in [
        "account.balance", "v2/account.balance", "account.status", "v2/account.status",
        "account.position", "v2/account.position", "time", "ping",
      ] {
        #expect(try await listener.ask(request(method, [:], bench))["status"] == 200, "\(method)")
      }
      let stop: JSONObject = [
        "algoType": "CONDITIONAL", "symbol": "BTCUSDT", "side": "SELL", "type": "STOP_MARKET",
        "triggerPrice": "63000", "closePosition": "true",
      ]
      let placed = try await listener.ask(request("algoOrder.place", stop, bench))
      let number = try placed.integer("result", "algoId")
      let cancel: JSONObject = ["algoId": .integer(number)]
      let cancelled = try await listener.ask(request("algoOrder.cancel", cancel, bench))
      #expect(try cancelled.string("result", "msg") == "success")
      let started = try await listener.ask(
        request(
          "userDataStream.start", ["apiKey": .string(BinanceBench.Signer().key)], bench,
          signing: nil))
      #expect(try started.string("result", "listenKey").count == 64)
    }
  }

  @Test func `what cannot be read or is not signed is refused`() async throws {
    let bench = await BinanceBench()
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/ws-fapi/v1")
      try listener.socket.send("nonsense")
      #expect(try await listener.next().integer("error", "code") == -1000)
      let unknown = try await listener.ask(request("order.dance", [:], bench))
      #expect(try unknown["status"] == 400 && unknown.integer("error", "code") == -1000)
      let unsigned = try await listener.ask(request("order.place", Self.order, bench, signing: nil))
      #expect(try unsigned.integer("error", "code") == -2014)
      let forged = try await listener.ask(
        request("order.place", Self.order, bench, signing: .hmac(Secret("wrong"))))
      #expect(try forged.integer("error", "code") == -1022)
    }
  }

  @Test func `a session is logged on once with an Ed25519 key, and then signs no more`()
    async throws
  {
    let bench = await BinanceBench()
    let signing = try SigningKey(pem: Secret(Self.privateKey))
    let key = try await bench.steer("POST", "keys", ["public_key": .string(Self.publicKey)])
      .string("api_key")
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/ws-fapi/v1")
      let refused = try await listener.ask(request("session.logon", [:], bench))
      #expect(try refused.integer("error", "code") == -4056)
      let logon = try await listener.ask(
        request("session.logon", [:], bench, key: key, signing: signing))
      #expect(try logon.string("result", "apiKey") == key)
      var order = Self.order
      order["timestamp"] = .integer(bench.clock.now.milliseconds)
      let placed = try await listener.ask(request("order.place", order, bench, signing: nil))
      #expect(placed["status"] == 200)
      let status = try await listener.ask(request("session.status", [:], bench, signing: nil))
      #expect(try status.integer("result", "authorizedSince") == bench.clock.now.milliseconds)
      let out = try await listener.ask(request("session.logout", [:], bench, signing: nil))
      #expect(try out.at("result", "apiKey") == .null)
      order["newClientOrderId"] = "mine-2"
      let late = try await listener.ask(request("order.place", order, bench, signing: nil))
      #expect(try late.integer("error", "code") == -2014)
    }
  }

  @Test func `an answer can be lost though the order stands, or turned into 503`() async throws {
    let bench = await BinanceBench()
    bench.faults.add(
      FaultRule(service: "binance_stream", endpoint: "order.place", Fault("lose")))
    bench.faults.add(
      FaultRule(service: "binance_stream", endpoint: "order.cancel", Fault("unavailable")))
    try await bench.serve { address in
      let listener = try await StreamListener("\(address)/ws-fapi/v1")
      try listener.say(request("order.place", Self.order, bench))
      let which: JSONObject = ["symbol": "BTCUSDT", "origClientOrderId": "mine-1"]
      let found = try await listener.ask(request("order.status", which, bench))
      #expect(try found.string("result", "status") == "NEW")
      let down = try await listener.ask(request("order.cancel", which, bench))
      #expect(down["status"] == 503)
    }
  }
}
