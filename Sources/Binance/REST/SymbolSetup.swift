import TradingModel
import Transport

// Leverage, margin type and position mode: how the account is set up.
extension BinanceREST {
  /// `GET /fapi/v1/symbolConfig`: margin mode and leverage as the venue has them; and
  /// `GET /fapi/v1/positionSide/dual`: the position mode, which is the account's.
  public func symbolSettings(of symbol: Symbol) async throws(VenueError) -> SymbolSettings {
    let answer = try await send(
      .get("/fapi/v1/symbolConfig", [("symbol", symbol.name)], weight: 5))
    let rows = try settings(in: answer)
    guard var settings = rows[symbol] else {
      throw .malformed("symbolConfig does not list \(symbol)")
    }
    memory.set(settings, of: symbol)
    settings.positionMode = try await positionMode()
    return settings
  }

  /// Asked at most once a minute: the question costs as much as thirty others, and a start prepares
  /// many symbols at once.
  private func positionMode() async throws(VenueError) -> PositionMode {
    if let mode = memory.positionMode(since: now - .minutes(1)) { return mode }
    let mode: PositionMode = try await isInHedgeMode() ? .hedge : .oneWay
    memory.set(mode, at: now)
    return mode
  }

  /// Reads the settings of all symbols into memory.
  func readSettings() async throws(VenueError) {
    let answer = try await send(
      .get("/fapi/v1/symbolConfig", weight: 5, urgency: .verifying))
    memory.take(try settings(in: answer), at: now)
  }

  private func settings(
    in answer: JSONValue
  ) throws(VenueError) -> [Symbol: SymbolSettings] {
    let rows = try reading { () throws(JSONError) in
      try answer.rows { row throws(JSONError) in
        (try row.rowSymbol, try SymbolSettings(binance: row))
      }
    }
    return Dictionary(rows, uniquingKeysWith: { _, last in last })
  }

  /// `POST /fapi/v1/marginType` with `CROSSED`.
  public func setCrossMargin(for symbol: Symbol) async throws(VenueError) {
    try await settle(
      .change(
        .post, "/fapi/v1/marginType", [("symbol", symbol.name), ("marginType", "CROSSED")]))
    memory.forgetSettings()
  }

  /// `GET /fapi/v1/positionSide/dual`: whether long and short are held apart.
  public func isInHedgeMode() async throws(VenueError) -> Bool {
    let answer = try await send(.get("/fapi/v1/positionSide/dual", weight: 30))
    return try reading { () throws(JSONError) in try answer.bool("dualSidePosition") }
  }

  /// `GET /fapi/v1/multiAssetsMargin`: whether other assets than USDT count as margin.
  public func isInMultiAssetsMode() async throws(VenueError) -> Bool {
    let answer = try await send(.get("/fapi/v1/multiAssetsMargin", weight: 30))
    return try reading { () throws(JSONError) in try answer.bool("multiAssetsMargin") }
  }

  /// Why this account can't be traded by the bot; nil when it can, and while that can't be read.
  ///
  /// With several assets as margin the venue tells one equity of all of them, while only USDT that comes
  /// or goes is known as a transfer: a deposit of another asset would be profit of the day.
  public func unfitness() async -> String? {
    do throws(VenueError) {
      guard try await isInMultiAssetsMode() else { return nil }
      return
        "multi-assets mode is on: isolated margin can't be set in it, and a deposit of another "
        + "asset than USDT would count as profit. Switch it to single-asset mode at Binance "
        + "(Preferences, Asset Mode), then start again"
    } catch {
      // Not known: in that mode no entry passes anyway, for isolated margin can't be set.
      return nil
    }
  }

  /// `POST /fapi/v1/positionSide/dual`. Open orders and positions forbid it.
  public func setHedgeMode(_ isOn: Bool) async throws(VenueError) {
    memory.forgetPositionMode()
    try await settle(
      .change(.post, "/fapi/v1/positionSide/dual", [("dualSidePosition", "\(isOn)")]))
  }

  /// `POST /fapi/v1/positionMargin`: adds to (above zero) or takes from an isolated position, in USDT.
  public func addMargin(_ amount: Notional, to key: PositionKey) async throws(VenueError) {
    var fields: [BinanceField] = [("symbol", key.symbol.name)]
    fields.add("positionSide", key.slot.binance)
    fields += [
      ("amount", amount.magnitude.description), ("type", amount > .zero ? "1" : "2"),
    ]
    _ = try await send(.change(.post, "/fapi/v1/positionMargin", fields))
  }
}
