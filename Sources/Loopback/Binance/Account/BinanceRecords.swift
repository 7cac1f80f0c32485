import TradingModel

/// A fill as `userTrades` shows it.
struct BinanceUserTrade: Sendable, Hashable {
  let number: Int64
  let order: Int64
  let symbol: Symbol
  let slot: PositionSlot
  let side: Side
  let price: Price
  let quantity: Quantity
  let fee: Notional
  /// Before fees.
  let profit: Notional
  let isMaker: Bool
  let time: Timestamp
}

/// An entry of `income`.
struct BinanceLedgerEntry: Sendable, Hashable {
  enum Kind: String, Sendable, Hashable {
    case transfer = "TRANSFER"
    case realised = "REALIZED_PNL"
    case commission = "COMMISSION"
    case funding = "FUNDING_FEE"
  }

  /// `tranId`.
  let number: Int64
  let kind: Kind
  let symbol: Symbol?
  let amount: Notional
  let trade: Int64?
  let time: Timestamp
}

/// An entry of `positionMargin/history`.
struct BinanceMarginChange: Sendable, Hashable {
  let key: PositionKey
  /// Below zero takes away.
  let amount: Notional
  let time: Timestamp
}

/// What opens the user data streams.
struct BinanceListenKey: Sendable, Hashable {
  let text: String
  var validUntil: Timestamp
}
