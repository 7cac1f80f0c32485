import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// Positions, money and settings of the loopback Binance.
struct BinanceAccountTests {
  @Test func `positions and money are told alike by every version`() async throws {
    let bench = await BinanceBench()
    try await bench.place()
    let risk = try await bench.call("GET", "v3/positionRisk").array()
    #expect(risk.count == 1 && risk[0]["positionAmt"] == "0.100" && risk[0]["notional"] == "6400")
    let old = try await bench.call("GET", "v2/positionRisk").array()
    #expect(old.count == 2 && old[0]["leverage"] == "20" && old[0]["marginType"] == "cross")
    let account = try await bench.call("GET", "v3/account")
    #expect(account["totalWalletBalance"] == "9996.80000000")
    #expect(try account.array("positions").count == 1)
    #expect(try await bench.call("GET", "v2/account").array("positions").count == 2)
    for version in ["v2", "v3"] {
      let balance = try await bench.call("GET", "\(version)/balance")
      #expect(try balance.string(0, "balance") == "9996.80000000")
    }
    #expect(try await bench.call("GET", "v1/adlQuantile", "symbol=BTCUSDT")["adlQuantile"] != nil)
  }

  @Test func `rows carry the fields of recorded answers`() async throws {
    let bench = await BinanceBench()
    try await bench.place()
    for (file, path, query) in [
      ("account__Futures-Account-Balance-V3.1.json", "v3/balance", ""),
      ("account__Account-Config.1.json", "v1/accountConfig", ""),
      ("account__Symbol-Config.1.json", "v1/symbolConfig", "symbol=BTCUSDT"),
      ("account__User-Commission-Rate.1.json", "v1/commissionRate", "symbol=BTCUSDT"),
      ("account__Notional-and-Leverage-Brackets.1.json", "v1/leverageBracket", "symbol=BTCUSDT"),
      ("account__Query-Rate-Limit.1.json", "v1/rateLimit/order", ""),
      ("trade__Account-Trade-List.1.json", "v1/userTrades", "symbol=BTCUSDT"),
    ] {
      for recorded in Fixtures.files(under: "binance/rest/docs", extension: "json")
      where recorded.lastPathComponent == file {
        let example = try JSONValue(parsing: String(contentsOf: recorded, encoding: .utf8))
        let answer = try await bench.call("GET", path, query)
        let (wanted, told) = (example[0] ?? example, answer[0] ?? answer)
        #expect(try wanted.object().keys.sorted() == told.object().keys.sorted(), "\(path)")
      }
    }
  }

  @Test func `leverage has bounds, and what stands is no failure`() async throws {
    let bench = await BinanceBench()
    for (leverage, expected) in [("10", 0), ("10", 0), ("0", -4028), ("101", -4028)] {
      let query = "symbol=BTCUSDT&leverage=\(leverage)"
      #expect(try await bench.code("POST", "v1/leverage", query) == expected)
    }
    let settings = try await bench.call("GET", "v1/symbolConfig", "symbol=BTCUSDT")
    #expect(try settings.integer(0, "leverage") == 10)
  }

  @Test func `margin types are set by symbol, while it is free`() async throws {
    let bench = await BinanceBench()
    let isolated = "symbol=BTCUSDT&marginType=ISOLATED"
    #expect(try await bench.code("POST", "v1/marginType", isolated) == 0)
    #expect(try await bench.code("POST", "v1/marginType", isolated) == -4046)
    try await bench.place()
    let crossed = "symbol=BTCUSDT&marginType=CROSSED"
    #expect(try await bench.code("POST", "v1/marginType", crossed) == -4048)
    #expect(try await bench.code("POST", "v1/leverage", "symbol=BTCUSDT&leverage=5") == -4161)
    let limit = BinanceBench.order([
      ("symbol", "ETHUSDT"), ("type", "LIMIT"), ("timeInForce", "GTC"), ("price", "3100"),
    ])
    #expect(try await bench.code("POST", "v1/order", limit) == 0)
    #expect(
      try await bench.code("POST", "v1/marginType", "symbol=ETHUSDT&marginType=ISOLATED") == -4047)
  }

  @Test func `margin is put to an isolated position and taken back`() async throws {
    let bench = await BinanceBench()
    _ = try await bench.call("POST", "v1/marginType", "symbol=BTCUSDT&marginType=ISOLATED")
    let margin = "symbol=BTCUSDT&amount=100"
    #expect(try await bench.code("POST", "v1/positionMargin", "\(margin)&type=1") == -4054)
    try await bench.place()
    func liquidation() async throws -> Price {
      try await bench.call("GET", "v3/positionRisk").amount(0, "liquidationPrice")
    }
    let before = try await liquidation()
    #expect(try await bench.code("POST", "v1/positionMargin", "\(margin)&type=1") == 0)
    #expect(try await liquidation() < before)
    #expect(try await bench.code("POST", "v1/positionMargin", "\(margin)&type=2") == 0)
    #expect(try await bench.code("POST", "v1/positionMargin", "\(margin)&type=2") == -4051)
    #expect(try await bench.code("POST", "v1/positionMargin", "\(margin)&type=3") == -1130)
    let history = try await bench.call("GET", "v1/positionMargin/history", "symbol=BTCUSDT")
    #expect(try history.array().map { try $0.integer("type") } == [1, 2])
  }

  @Test func `in hedge mode both sides stand beside each other`() async throws {
    let bench = await BinanceBench()
    let hedged = "dualSidePosition=true"
    #expect(try await bench.code("POST", "v1/positionSide/dual", hedged) == 0)
    #expect(try await bench.code("POST", "v1/positionSide/dual", hedged) == -4059)
    #expect(try await bench.call("GET", "v1/positionSide/dual")["dualSidePosition"] == true)
    #expect(try await bench.code("POST", "v1/order", BinanceBench.order()) == -4061)
    for (side, slot) in [("BUY", "LONG"), ("SELL", "SHORT")] {
      try await bench.place([("side", side), ("positionSide", slot)])
    }
    let rows = try await bench.call("GET", "v3/positionRisk", "symbol=BTCUSDT").array()
    #expect(rows.map { $0["positionAmt"] } == ["0.100", "-0.100"])
    #expect(try await bench.code("POST", "v1/positionSide/dual", "dualSidePosition=false") == -4068)
    let large = BinanceBench.order([
      ("side", "SELL"), ("positionSide", "LONG"), ("quantity", "0.2"),
    ])
    #expect(try await bench.code("POST", "v1/order", large) == -2022)
    try await bench.place([("side", "SELL"), ("positionSide", "LONG")])
    try await bench.place([("positionSide", "SHORT")])
    #expect(try await bench.call("GET", "v3/positionRisk").array().isEmpty)
  }

  @Test func `multi-assets and isolated margin exclude each other`() async throws {
    let bench = await BinanceBench()
    #expect(try await bench.code("POST", "v1/multiAssetsMargin", "multiAssetsMargin=true") == 0)
    #expect(try await bench.code("POST", "v1/multiAssetsMargin", "multiAssetsMargin=true") == -4171)
    let isolated = "symbol=BTCUSDT&marginType=ISOLATED"
    #expect(try await bench.code("POST", "v1/marginType", isolated) == -4168)
    #expect(try await bench.code("POST", "v1/multiAssetsMargin", "multiAssetsMargin=false") == 0)
    #expect(try await bench.code("POST", "v1/marginType", isolated) == 0)
    #expect(try await bench.code("POST", "v1/multiAssetsMargin", "multiAssetsMargin=true") == -4167)
  }

  @Test func `income tells fees, profits, funding and transfers`() async throws {
    let bench = await BinanceBench()
    try await bench.place()
    bench.clock.advance(by: .hours(8))
    await bench.move(to: "64000")
    await bench.move(to: "65000")
    try await bench.place([("side", "SELL"), ("reduceOnly", "true")])
    _ = try await bench.steer("POST", "deposit", ["amount": 500])
    let rows = try await bench.call("GET", "v1/income").array()
    let kinds = try rows.map { try $0.string("incomeType") }
    #expect(
      kinds == ["COMMISSION", "FUNDING_FEE", "REALIZED_PNL", "COMMISSION", "TRANSFER"])
    #expect(rows[1]["income"] == "-0.64000000" && rows[2]["income"] == "100.00000000")
    let one = try await bench.call("GET", "v1/income", "incomeType=FUNDING_FEE")
    #expect(try one.array().count == 1)
  }
}
