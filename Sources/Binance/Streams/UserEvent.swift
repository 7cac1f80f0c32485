import TradingModel
import Transport

/// What one event of the user data stream tells.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams
enum UserEvent: Sendable, Hashable {
  /// `ORDER_TRADE_UPDATE`: an order changed, and perhaps an execution with it.
  case order(Order, Fill?)
  /// `ALGO_UPDATE`: a stop or a target changed.
  case algoOrder(AlgoOrder)
  /// `ACCOUNT_UPDATE`: slots that changed, and USDT that came or went.
  case account([Slot], moved: Notional?, at: Timestamp)
  /// `TRADE_LITE`: an execution told a moment earlier, without its fee and slot. The full event
  /// follows: this one is a sign of life.
  case earlyTrade(Symbol)
  /// `ACCOUNT_CONFIG_UPDATE`: the leverage of a symbol.
  case leverage(Symbol, Ratio)
  /// `ACCOUNT_CONFIG_UPDATE`: multi-assets mode went on or off.
  case multiAssets(Bool)
  /// `MARGIN_CALL`: positions near liquidation.
  case marginCall([PositionKey])
  /// `listenKeyExpired`: nothing follows on this connection.
  case expired
  case ignored(String)
  /// An answer to a request of ours, or a refusal of one.
  case answer(refusal: String?)

  struct Slot: Sendable, Hashable {
    var key: PositionKey
    var position: Position?
  }

  /// - Parameter memory: Leverage and sizes, which the stream does not tell.
  init(_ frame: JSONValue, memory: AccountMemory) throws(JSONError) {
    let event = frame["data"] ?? frame
    guard case .object = event else {
      throw .wrongKind(path: "", expected: "an event", found: event.kind)
    }
    guard let name = event["e"]?.stringValue else {
      let error = event["error"] ?? event
      self = .answer(
        refusal: error["code"].map { "\($0.text) \(error["msg"]?.stringValue ?? "")" })
      return
    }
    switch name {
    case "ORDER_TRADE_UPDATE":
      guard try Self.isOurs(event.at("o"), event) else {
        self = .ignored("order of another market")
        return
      }
      let order = try Order(binanceUpdate: event)
      let held = memory.holding(of: PositionKey(order.symbol, order.slot))
      self = .order(order, try Fill(binanceUpdate: event, order: order, held: held))
    case "ALGO_UPDATE":
      self =
        try Self.isOurs(event.at("o"), event)
        ? .algoOrder(try AlgoOrder(event: event)) : .ignored("order of another market")
    case "ACCOUNT_UPDATE": self = try Self.account(event, memory)
    case "TRADE_LITE": self = .earlyTrade(Symbol(venueName: try event.string("s")))
    case "ACCOUNT_CONFIG_UPDATE":
      if event["ac"] != nil {
        self = .leverage(
          Symbol(venueName: try event.string("ac", "s")), try event.amount("ac", "l"))
      } else {
        self = .multiAssets(try event.bool("ai", "j"))
      }
    case "MARGIN_CALL":
      self = .marginCall(
        try event.map("p") { row throws(JSONError) in try PositionKey(binanceUpdate: row) })
    case "listenKeyExpired": self = .expired
    default: self = .ignored(name)
    }
  }

  /// Quarterly contracts, other quotes, and coin-margined ones, which `st` and `fs` tell apart.
  private static func isOurs(_ row: JSONValue, _ event: JSONValue) throws(JSONError) -> Bool {
    guard Symbol(venueName: try row.string("s")).isUSDTPerpetual else { return false }
    if let business = event["fs"]?.stringValue, business != "UM" { return false }
    let kind = try row.optionalInteger("st")
    let kindBeside = try event.optionalInteger("st")
    return kind ?? kindBeside ?? 1 == 1
  }

  private static func account(
    _ event: JSONValue, _ memory: AccountMemory
  ) throws(JSONError) -> UserEvent {
    let time = try event.time("T")
    if let business = event["fs"]?.stringValue, business != "UM" {
      return .ignored("account of another market")
    }
    let slots = try event.map("a", "P") { row throws(JSONError) -> Slot? in
      let key = try PositionKey(binanceUpdate: row)
      guard key.symbol.isUSDTPerpetual else { return nil }
      let leverage = memory.settings(of: key.symbol)?.leverage
      return Slot(
        key: key, position: try Position(binanceUpdate: row, leverage: leverage, at: time))
    }
    var moved: Notional?
    if movesMoney(try event.optionalString("a", "m") ?? "") {
      for row in try event.array("a", "B") where row["a"]?.stringValue == "USDT" {
        let change: Notional = try row.amount("bc")
        if !change.isZero { moved = (moved ?? .zero) + change }
      }
    }
    return .account(slots.compactMap(\.self), moved: moved, at: time)
  }

  /// Reasons by which money comes or goes without being earned or lost.
  private static func movesMoney(_ reason: String) -> Bool {
    switch reason {
    case "DEPOSIT", "WITHDRAW", "WITHDRAW_REJECT", "ADMIN_DEPOSIT", "ADMIN_WITHDRAW",
      "ASSET_TRANSFER", "COIN_SWAP_DEPOSIT", "COIN_SWAP_WITHDRAW":
      true
    // MARGIN_TRANSFER moves it between wallet and position; the rest is trading.
    default: false
    }
  }
}
