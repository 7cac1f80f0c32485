import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// What is shown of a leg that is closed while the other one is open.
struct ClosedLegTests {
  private let bench: RESTBench

  init() throws {
    bench = try RESTBench()
    bench.http.on("GET /fapi/v3/account", .json(RESTBench.account))
    bench.http.on("GET /fapi/v1/symbolConfig", .json(RESTBench.config()))
    bench.http.on("DELETE /fapi/v1/algoOrder", .json("{}"))
  }

  private func algo(_ id: Int, side: String, slot: String, trigger: String) -> String {
    RESTBench.algo(id, side: side, trigger: trigger)
      .replacing(#""positionSide":"BOTH""#, with: #""positionSide":"\#(slot)""#)
  }

  private func limit(side: String, slot: String) -> String {
    RESTBench.order(9, side: side, type: "LIMIT")
      .replacing(#""positionSide":"BOTH""#, with: #""positionSide":"\#(slot)""#)
  }

  private var cancelled: [String] {
    bench.http.lines.filter { $0.hasPrefix("DELETE") }
      .compactMap { $0.split(separator: "algoId=").last.map(String.init) }
  }

  @Test(arguments: ["SELL", "BUY"])
  func `the stop of a closed leg guards no other, and goes though orders rest on the other`(
    side: String
  ) async throws {
    let (long, short) = (
      algo(1, side: "SELL", slot: "LONG", trigger: "60000"),
      algo(2, side: "BUY", slot: "SHORT", trigger: "66000")
    )
    bench.http.on("GET /fapi/v1/openAlgoOrders", .json("[\(long),\(short)]"))
    bench.http.on("GET /fapi/v1/openOrders", .json("[\(limit(side: side, slot: "SHORT"))]"))
    bench.http.on(
      "GET /fapi/v3/positionRisk",
      .json(
        "[\(RESTBench.position("0.1", slot: "LONG")),\(RESTBench.position("-0.1", slot: "SHORT"))]"),
      .json("[\(RESTBench.position("-0.1", slot: "SHORT"))]"))
    let both = try await bench.rest.readAccount()
    #expect(both.positions.map(\.stop) == ["60000", "66000"])
    var reading = try await bench.rest.readAccount()
    #expect(reading.positions.map(\.stop) == ["66000"] && cancelled.isEmpty)
    reading = try await bench.rest.readAccount()
    #expect(cancelled == ["1"])
    #expect(reading.orders.filter(\.isProtective).map(\.venueID) == ["algo-2"])
    #expect(reading.positions.map(\.stop) == ["66000"])
  }

  @Test func `a stop waits for the entry of its own leg`() async throws {
    bench.http.on(
      "GET /fapi/v1/openAlgoOrders",
      .json("[\(algo(1, side: "SELL", slot: "LONG", trigger: "60000"))]"))
    bench.http.on("GET /fapi/v1/openOrders", .json("[\(limit(side: "BUY", slot: "LONG"))]"))
    bench.http.on("GET /fapi/v3/positionRisk", .json("[]"))
    for _ in 0..<3 { _ = try await bench.rest.readAccount() }
    #expect(cancelled.isEmpty)
  }

  @Test func `in one-way mode the stop of a long that is gone is none of a short's`() async throws {
    bench.http.on(
      "GET /fapi/v1/openAlgoOrders",
      .json("[\(algo(1, side: "SELL", slot: "BOTH", trigger: "60000"))]"))
    bench.http.on("GET /fapi/v1/openOrders", .json("[]"))
    bench.http.on("GET /fapi/v3/positionRisk", .json("[\(RESTBench.position("-0.1"))]"))
    var reading = try await bench.rest.readAccount()
    #expect(reading.positions.map(\.stop) == [nil])
    reading = try await bench.rest.readAccount()
    #expect(cancelled == ["1"] && reading.orders.isEmpty)
  }

  @Test func `on a hedge slot an order of the closing side can only reduce`() throws {
    for (side, slot, reduces) in [
      ("SELL", "LONG", true), ("BUY", "LONG", false), ("BUY", "SHORT", true),
      ("SELL", "BOTH", false),
    ] {
      let row = try JSONValue(parsing: Array(limit(side: side, slot: slot).utf8))
      #expect(try Order(binance: row).reduceOnly == reduces)
    }
  }
}
