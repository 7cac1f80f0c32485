import TradingModel

/// Which contracts a call is about: one, those of a coin, or all.
struct BybitScope: Sendable {
  let symbol: Symbol?
  private let settleCoin: String?
  private let baseCoin: String?

  /// A symbol wins over a base coin, which wins over a settle coin.
  /// - Throws: 10001 for another category than linear.
  init(_ parameters: BybitParameters) throws(BybitRefusal) {
    try parameters.requireLinear()
    symbol = parameters.symbol
    baseCoin = parameters.text("baseCoin")
    settleCoin = parameters.text("settleCoin")
  }

  var isWholeAccount: Bool { symbol == nil && settleCoin == nil && baseCoin == nil }

  /// Everything here settles in USDT.
  var isInUSDT: Bool { symbol != nil || settleCoin == nil || settleCoin == "USDT" }

  func contains(_ other: Symbol) -> Bool {
    if let symbol { return other == symbol }
    return isInUSDT && (baseCoin == nil || other.base == baseCoin ?? "")
  }
}

/// The time a list is asked for: at most seven days.
struct BybitSpan: Sendable {
  private static let longest: Int64 = 7 * 86_400_000
  private let start: Int64?
  private let end: Int64?

  init(_ parameters: BybitParameters) throws(BybitRefusal) {
    start = try parameters.integer("startTime")
    end = try parameters.integer("endTime")
    guard let start, let end else { return }
    guard start <= end else { throw .parameter("startTime") }
    guard end - start <= Self.longest else {
      throw BybitRefusal(10001, "The time range between startTime and endTime must be 7 days")
    }
  }

  func contains(_ time: Timestamp) -> Bool {
    time.milliseconds >= start ?? .min && time.milliseconds <= end ?? .max
  }
}
