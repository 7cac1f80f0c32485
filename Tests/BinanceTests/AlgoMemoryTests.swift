import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// Which conditional orders are shown as open.
struct AlgoMemoryTests {
  private let memory = AccountMemory()

  private static func row(
    _ id: Int, status: String = "NEW", symbol: String = "BTCUSDT", client: String = "qds-a-1"
  ) throws -> AlgoOrder {
    try AlgoOrder(
      row: JSONValue(
        parsing: Array(
          RESTBench.algo(id, client: client, symbol: symbol, status: status).utf8)))
  }

  private var open: [String] { memory.algoOrders.map(\.id) }

  @Test func `what ended after a list was asked for is not brought back by it`() throws {
    let order = try Self.row(1)
    memory.hear(order)
    let asked = memory.mark
    memory.hear(try Self.row(1, status: "CANCELED"))
    memory.take([order], of: ["BTCUSDT"], asked: asked, at: .noon)
    #expect(open.isEmpty)
    memory.take([order], of: nil, asked: asked, at: .noon)
    #expect(open.isEmpty)
  }

  @Test func `what was accepted after a list was asked for is not lost by it`() throws {
    memory.hear(try Self.row(1))
    let asked = memory.mark
    memory.hear(try Self.row(2))
    memory.take([try Self.row(1)], of: ["BTCUSDT"], asked: asked, at: .noon)
    #expect(open == ["1", "2"])
    // The next list was asked for later: it knows.
    memory.take([try Self.row(1)], of: ["BTCUSDT"], asked: memory.mark, at: .noon)
    #expect(open == ["1"])
  }

  @Test func `what a list lacks is gone, of the symbols that it was asked for`() throws {
    memory.hear(try Self.row(1))
    memory.hear(try Self.row(2, symbol: "ETHUSDT"))
    memory.take([], of: ["BTCUSDT"], asked: memory.mark, at: .noon)
    #expect(open == ["2"])
    memory.take([], of: nil, asked: memory.mark, at: .noon)
    #expect(open.isEmpty)
  }

  @Test func `an order that is gone does not come back by late news of its beginning`() throws {
    memory.hear(try Self.row(1))
    memory.forget(algoOrder: "1")
    memory.hear(try Self.row(1))
    #expect(open.isEmpty)
    memory.take([try Self.row(1)], of: nil, asked: memory.mark, at: .noon)
    #expect(open.isEmpty)
  }

  @Test func `only so many ended ones are remembered`() throws {
    let order = try Self.row(1)
    for number in 2...3000 { memory.forget(algoOrder: "\(number)") }
    memory.hear(order)
    #expect(open == ["1"])
    memory.forget(algoOrder: "1")
    memory.hear(order)
    #expect(open.isEmpty)
  }

  @Test func `cancelled is gone at once, by whichever name it was cancelled`() async throws {
    let bench = try RESTBench()
    bench.http.on("DELETE /fapi/v1/algoOrder", .json("{}"), .json("{}"), .refused(-2011))
    bench.http.on("DELETE /fapi/v1/algoOpenOrders", .json("{}"))
    bench.http.on("GET /fapi/v1/openOrders", .json("[]"))
    bench.http.on("GET /fapi/v1/openAlgoOrders", .json("[]"))
    bench.http.on("DELETE /fapi/v1/allOpenOrders", .json("{}"))
    let memory = bench.rest.memory
    for id in 1...4 { memory.hear(try Self.row(id, client: "qds-x-\(id)")) }
    memory.hear(try Self.row(5, symbol: "ETHUSDT"))
    try await bench.rest.cancel(OrderReference(symbol: "BTCUSDT", venueID: "algo-1"))
    #expect(memory.algoOrders.map(\.id) == ["2", "3", "4", "5"])
    try await bench.rest.cancel(OrderReference(symbol: "BTCUSDT", id: ClientOrderID("qds-x-2")))
    #expect(memory.algoOrders.map(\.id) == ["3", "4", "5"])
    // The venue has it no more.
    try await bench.rest.cancel(OrderReference(symbol: "BTCUSDT", venueID: "algo-3"))
    #expect(memory.algoOrders.map(\.id) == ["4", "5"])
    _ = try await bench.rest.cancelAll(symbol: "BTCUSDT", keepingProtection: false)
    #expect(memory.algoOrders.map(\.id) == ["5"])
  }
}
