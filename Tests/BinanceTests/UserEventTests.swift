import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// What the account's events mean.
struct UserEventTests {
  private let memory = AccountMemory()

  private func order(_ changes: JSONObject) throws -> UserEvent {
    var fields: JSONObject = [
      "s": "BTCUSDT", "c": "liq-a-1", "S": "BUY", "o": "MARKET", "f": "GTC", "q": "0.1", "p": "0",
      "ap": "64000", "sp": "0", "x": "TRADE", "X": "FILLED", "i": 7, "l": "0.1", "z": "0.1",
      "L": "64000", "n": "3.2", "N": "USDT", "T": 1_795_176_000_000, "t": 55, "m": false,
      "R": false, "ot": "MARKET", "ps": "BOTH", "cp": false, "rp": "0",
    ]
    for field in changes.fields { fields[field.key] = field.value }
    return try UserEvent(
      [
        "e": "ORDER_TRADE_UPDATE", "E": 1_795_176_000_001, "T": 1_795_176_000_000,
        "o": .object(fields),
      ], memory: memory)
  }

  private func fill(_ changes: JSONObject = [:]) throws -> Fill? {
    guard case .order(_, let fill) = try order(changes) else { return nil }
    return fill
  }

  @Test func `an execution counts as closing what was held on the other side`() throws {
    // Before the first reading nothing is known: what realised a profit, or had to, closed.
    #expect(try fill()?.closedQuantity == .zero)
    #expect(try fill(["rp": "1.5"])?.closedQuantity == "0.1")
    #expect(try fill(["R": true])?.closedQuantity == "0.1")
    memory.take([.example(side: .short, quantity: "0.04")], at: .noon)
    #expect(try fill()?.closedQuantity == "0.04")
    #expect(try fill(["S": "SELL"])?.closedQuantity == .zero)
    memory.take([Position](), at: .noon)
    #expect(try fill()?.closedQuantity == .zero)
  }

  @Test func `what is held moves with each execution, until the venue says it`() throws {
    memory.take([Position](), at: .noon)
    let entry = try #require(try fill(["t": 1]))
    #expect(memory.note(entry) == entry)
    #expect(try fill(["S": "SELL", "t": 2])?.closedQuantity == "0.1")
    memory.set(nil, at: PositionKey("BTCUSDT"), since: entry.time)
    #expect(try fill(["S": "SELL", "t": 3])?.closedQuantity == .zero)
    // One that comes later than the venue's word is in it already.
    _ = memory.note(try #require(try fill(["S": "SELL", "t": 4])))
    #expect(try fill(["t": 5])?.closedQuantity == .zero)
  }

  @Test func `an execution that is told again closed what it closed the first time`() throws {
    memory.take([.example(side: .long, quantity: "0.1")], at: .noon)
    let close = try #require(try fill(["S": "SELL"]))
    #expect(memory.note(close).closedQuantity == "0.1")
    let again = try #require(try fill(["S": "SELL"]))
    #expect(memory.note(again) == close)
    // It moved what is held but once.
    #expect(try fill(["t": 56])?.closedQuantity == .zero)
  }

  @Test func `after a gap what is held is unknown, and the venue's profit says what closed`()
    throws
  {
    memory.take([Position](), at: .noon)
    #expect(try fill(["S": "SELL", "rp": "1.5"])?.closedQuantity == "0.1")
    memory.take([.example(side: .long, quantity: "0.04")], at: .noon)
    memory.forgetHoldings()
    #expect(try fill(["S": "SELL", "rp": "1.5"])?.closedQuantity == "0.1")
    #expect(try fill(["S": "SELL"])?.closedQuantity == .zero)
  }

  @Test func `in hedge mode the slot says whether it closes`() throws {
    #expect(try fill(["ps": "LONG"])?.closedQuantity == .zero)
    #expect(try fill(["ps": "LONG", "S": "SELL"])?.closedQuantity == "0.1")
    #expect(try fill(["ps": "SHORT"])?.closedQuantity == "0.1")
  }

  @Test(arguments: [
    ("liq-a-1", "MARKET", Order.Role.placed), ("qds-a-1", "MARKET", .stop),
    ("qdt-a-1", "MARKET", .target), ("autoclose-123", "LIMIT", .liquidation),
    ("adl_autoclose", "MARKET", .liquidation), ("settlement_autoclose-1", "MARKET", .liquidation),
    ("by-hand", "STOP_MARKET", .placed),
  ])
  func `an order's part is told by its id and its type`(
    id: String, type: String, role: Order.Role
  ) throws {
    guard case .order(let order, let fill) = try order(["c": .string(id), "ot": .string(type)])
    else {
      Issue.record("no order")
      return
    }
    #expect(order.role == role && fill?.role == role)
  }

  @Test func `a stop by hand counts where it can only close`() throws {
    guard case .order(let order, _) = try order(["ot": "STOP_MARKET", "R": true]) else {
      Issue.record("no order")
      return
    }
    #expect(order.role == .stop)
  }

  @Test func `an order that ended says why`() throws {
    guard
      case .order(let order, nil) = try order([
        "x": "EXPIRED", "X": "EXPIRED", "er": "4", "l": "0", "z": "0",
      ])
    else {
      Issue.record("an execution")
      return
    }
    #expect(order.status == .expired && order.reason == "knocked out by a reduce-only order")
  }

  @Test func `fees in another coin are not counted as USDT`() throws {
    #expect(try fill()?.fee == "3.2")
    #expect(try fill(["N": "BNB"])?.fee == .zero)
    #expect(try fill(["N": .null, "n": .null])?.fee == .zero)
  }

  private func account(_ reason: String, _ change: String, positions: [JSONValue] = []) throws
    -> UserEvent
  {
    try UserEvent(
      [
        "e": "ACCOUNT_UPDATE", "E": 1, "T": 1_795_176_000_000,
        "a": [
          "m": .string(reason), "B": [["a": "USDT", "wb": "1", "cw": "1", "bc": .string(change)]],
          "P": .array(positions),
        ],
      ], memory: memory)
  }

  @Test(arguments: [
    ("DEPOSIT", "50" as Notional?), ("WITHDRAW", "-20"), ("ORDER", nil), ("FUNDING_FEE", nil),
    ("MARGIN_TRANSFER", nil), ("ASSET_TRANSFER", "7"),
  ])
  func `money moves by deposits and withdrawals, never by trading`(
    reason: String, moved: Notional?
  ) throws {
    let event = try account(reason, moved?.description ?? "5")
    #expect(event == .account([], moved: moved, at: .noon))
  }

  @Test func `positions take their leverage from what was read, and flat ones are told`() throws {
    memory.take(
      ["BTCUSDT": SymbolSettings(marginMode: .isolated, leverage: .times(12))], at: .noon)
    let event = try account(
      "ORDER", "0",
      positions: [
        ["s": "BTCUSDT", "pa": "-0.5", "ep": "64000", "up": "1", "mt": "isolated", "ps": "BOTH"],
        ["s": "ETHUSDT", "pa": "0", "ep": "0", "up": "0", "mt": "cross", "ps": "BOTH"],
        ["s": "BTCUSDC", "pa": "1", "ep": "1", "up": "0", "mt": "cross", "ps": "BOTH"],
      ])
    guard case .account(let slots, _, _) = event else {
      Issue.record("\(event)")
      return
    }
    #expect(slots.map(\.key) == [PositionKey("BTCUSDT"), PositionKey("ETHUSDT")])
    #expect(slots[0].position?.side == .short && slots[0].position?.leverage == .times(12))
    #expect(slots[1].position == nil)
  }

  @Test func `a state that nobody documented is an error, never a guess`() {
    #expect(throws: JSONError.self) { try order(["X": "SLEEPING"]) }
    #expect(throws: JSONError.self) { try order(["S": "UP"]) }
    #expect(throws: JSONError.self) { try order(["ps": "SIDEWAYS"]) }
  }
}
