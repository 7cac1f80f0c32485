import TradingModel
import Transport

extension BybitREST {
  /// `GET /v5/position/list` of one symbol, which answers for a flat one, too; the margin mode is
  /// the account's.
  public func symbolSettings(of symbol: Symbol) async throws(VenueError) -> SymbolSettings {
    let mode = try await marginMode()
    let result = try await get(
      "/v5/position/list", [("category", "linear"), ("symbol", symbol.name)])
    let leverages = try reading { () throws(JSONError) in
      try result.map("list") { row throws(JSONError) in try row.amount("leverage") as Ratio }
    }
    guard let leverage = leverages.first else {
      throw .malformed("list: nothing about \(symbol)")
    }
    return SymbolSettings(marginMode: mode, leverage: leverage)
  }
}
