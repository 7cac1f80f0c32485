import TradingModel
import Transport

extension BinanceREST {
  /// How many levels of each side may be asked for, and what that costs.
  enum DepthLimit: Int, CaseIterable {
    case five = 5
    case ten = 10
    case twenty = 20
    case fifty = 50
    case hundred = 100
    case fiveHundred = 500
    case thousand = 1000

    var weight: Int {
      switch self {
      case .five, .ten, .twenty, .fifty: 2
      case .hundred: 5
      case .fiveHundred: 10
      case .thousand: 20
      }
    }
  }

  /// `GET /fapi/v1/depth`.
  func depth(
    of symbol: Symbol, limit: DepthLimit = .thousand
  ) async throws(VenueError) -> DepthSnapshot {
    let answer = try await send(
      .get(
        "/fapi/v1/depth", [("symbol", symbol.name), ("limit", "\(limit.rawValue)")],
        security: .open, weight: limit.weight))
    return try reading { () throws(JSONError) in try DepthSnapshot(binance: answer) }
  }
}
