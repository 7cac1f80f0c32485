import Logging
import Synchronization
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Bybit

struct MappingTests {
  @Test(
    arguments: [
      ("New", .new), ("Untriggered", .untriggered), ("Triggered", .untriggered),
      ("PartiallyFilled", .partiallyFilled), ("Filled", .filled), ("Cancelled", .cancelled),
      ("Deactivated", .cancelled), ("Rejected", .rejected),
    ] as [(String, Order.Status)])
  func `every documented state of an order is known`(
    text: String, status: Order.Status
  ) throws {
    #expect(try Order(bybit: Rows.order(link: "x", status: text)).status == status)
  }

  @Test func `what is not documented is an error, never a guess`() throws {
    #expect(throws: JSONError.self) { try Order(bybit: Rows.order(link: "x", status: "Melted")) }
    var row = try Rows.fill(id: "1").object()
    row["side"] = ""
    #expect(throws: JSONError.self) { try Fill(bybit: .object(row)) }
    row["side"] = "Buy"
    row["positionIdx"] = 3
    #expect(throws: JSONError.self) { try Fill(bybit: .object(row)) }
    #expect(throws: JSONError.self) { try MarginMode(bybit: "GREEN_MARGIN") }
  }

  @Test(
    arguments: [
      ("Trade", true), ("AdlTrade", true), ("BustTrade", true), ("BlockTrade", true),
      ("Funding", false), ("Settle", false), ("CorporateAction", false), ("NewKind", false),
    ])
  func `what moves a position is a fill`(kind: String, isFill: Bool) throws {
    var row = try Rows.fill(id: "1").object()
    row["execType"] = .string(kind)
    #expect(try (Fill(bybit: .object(row)) != nil) == isFill)
  }

  @Test(
    arguments: [
      ("UNKNOWN", .placed), ("", .placed), ("Stop", .placed), ("StopLoss", .stop),
      ("PartialStopLoss", .stop), ("TakeProfit", .target), ("PartialTakeProfit", .target),
      ("TrailingStop", .trailing),
    ] as [(String, Order.Role)])
  func `children of a position are told from orders that were placed`(
    type: String, role: Order.Role
  ) throws {
    var row = try Rows.order(link: "x", status: "Untriggered").object()
    row["stopOrderType"] = .string(type)
    #expect(try Order(bybit: .object(row)).role == role)
  }

  @Test func `in isolated margin only the coin's own figures count`() throws {
    let coin: JSONValue = [
      "coin": "USDT", "equity": "1010", "walletBalance": "1000", "totalPositionIM": "100",
      "totalOrderIM": "50", "totalPositionMM": "5", "locked": "20", "bonus": "30",
    ]
    let row: JSONValue = [
      "accountType": "UNIFIED", "totalAvailableBalance": "777", "accountIMRate": "0.016",
      "accountMMRate": "0.002", "coin": [["coin": "BTC", "equity": "1"], coin],
    ]
    let isolated = try #require(try Wallet(bybit: row, mode: .isolated, at: .noon))
    #expect(isolated.equity == "1010")
    #expect(isolated.available == "800")
    #expect(isolated.initialMargin == "150")
    #expect(isolated.initialMarginRate == nil)
    let cross = try #require(try Wallet(bybit: row, mode: .cross, at: .noon))
    #expect(cross.available == "777")
    #expect(cross.initialMarginRate == "0.016")
    #expect(cross.maintenanceMarginRate == "0.002")
  }

  @Test func `margin that is not said is unknown, not zero`() throws {
    let row: JSONValue = [
      "coin": [
        [
          "coin": "USDT", "equity": "1000", "walletBalance": "1000", "totalPositionIM": "",
          "totalOrderIM": "", "totalPositionMM": "",
        ]
      ]
    ]
    let wallet = try #require(try Wallet(bybit: row, mode: .isolated, at: .noon))
    #expect(wallet.initialMargin == nil)
    #expect(wallet.maintenanceMargin == nil)
    #expect(wallet.available == nil)
  }

  @Test(arguments: ["totalPositionIM", "totalOrderIM"])
  func `half of the margin in use is no margin`(missing: String) throws {
    var coin: JSONObject = [
      "coin": "USDT", "equity": "1000", "walletBalance": "1000", "totalPositionIM": "100",
      "totalOrderIM": "50",
    ]
    coin[missing] = ""
    let row: JSONValue = ["coin": [.object(coin)], "totalAvailableBalance": "700"]
    let isolated = try #require(try Wallet(bybit: row, mode: .isolated, at: .noon))
    #expect(isolated.initialMargin == nil && isolated.available == nil)
    let cross = try #require(try Wallet(bybit: row, mode: .cross, at: .noon))
    #expect(cross.initialMargin == nil && cross.available == "700")
  }

  @Test func `a wallet that says nothing about USDT is none`() throws {
    let row: JSONValue = ["coin": [["coin": "BTC", "equity": "1"]]]
    #expect(try Wallet(bybit: row, mode: .isolated, at: .noon) == nil)
  }

  // MARK: Recorded answers

  private func rows(_ path: String) throws -> [JSONValue]? {
    try Fixtures.bytes("bybit/rest/" + path).map {
      try JSONValue(parsing: $0).array("result", "list")
    }
  }

  @Test func `a recorded position is read whole`() throws {
    guard let rows = try rows("nautilus/http_get_positions.json") else { return }
    let position = try #require(try Position(bybit: rows[0]))
    #expect(
      position
        == Position(
          key: PositionKey("BTCUSDT"), side: .long, quantity: "0.5", entryPrice: "50000",
          markPrice: "50500", liquidationPrice: "45000", leverage: .times(10), unrealised: "250",
          initialMargin: "2500", maintenanceMargin: "250", stop: "48000", target: "55000",
          createdAt: Timestamp(milliseconds: 1_676_538_056_258),
          updatedAt: Timestamp(milliseconds: 1_697_673_600_012)))
    #expect(try Position(bybit: rows[1])?.side == .short)
  }

  @Test func `recorded protective orders are known as such`() throws {
    guard let rows = try rows("nautilus/http_get_orders_realtime_tp_sl.json") else { return }
    let orders = try rows.map { try Order(bybit: $0) }
    #expect(orders.map(\.role).prefix(2) == [.target, .stop])
    #expect(orders[0].triggerPrice == "55000")
    #expect(orders[0].averagePrice == nil)
    #expect(orders[1].kind == .limit("47500", .goodTillCancelled))
    #expect(orders.filter { !$0.isProtective } == [])
  }

  @Test func `every recorded order, execution, position and instrument is read`() throws {
    guard Fixtures.root != nil else { return }
    var counts: [String: Int] = [:]
    for file in Fixtures.files(under: "bybit/rest", extension: "json") {
      let answer = try JSONValue(parsing: Fixtures.bytes(of: file))
      guard let list = answer["result"]?["list"], case .array(let rows) = list,
        answer["result"]?["category"]?.stringValue ?? "linear" != "option"
      else { continue }
      for row in rows {
        if row["orderStatus"] != nil {
          _ = try Order(bybit: row)
          counts["orders", default: 0] += 1
        } else if row["execId"] != nil, row["orderId"] != nil {
          if try Fill(bybit: row) != nil { counts["fills", default: 0] += 1 }
        } else if row["positionStatus"] != nil {
          if try Position(bybit: row) != nil { counts["positions", default: 0] += 1 }
        } else if row["lotSizeFilter"] != nil, row["contractType"] != nil {
          if try Instrument(bybit: row) != nil { counts["instruments", default: 0] += 1 }
        } else if row["coin"] != nil, row["totalEquity"] != nil {
          if try Wallet(bybit: row, mode: .cross, at: .noon) != nil {
            counts["wallets", default: 0] += 1
          }
        }
      }
    }
    #expect(
      counts == ["orders": 10, "fills": 3, "positions": 4, "instruments": 5, "wallets": 3])
  }
}
