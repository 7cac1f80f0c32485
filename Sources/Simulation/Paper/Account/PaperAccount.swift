import TradingModel

/// The whole paper account at one moment, as a file keeps it.
///
/// What the venue's settings say (fees, slippage, rules) is not part of it, nor are contracts, tiers
/// and books: they are told anew at the start. Every list is in order, so that equal accounts are
/// equal bytes.
public struct PaperAccount: Sendable, Hashable, Codable {
  /// The newest form of the file that this program writes and reads.
  public static let currentVersion = 1

  /// Ended orders, executions, ledger rows and closed trades that are kept, each, and client ids.
  static let tail = 200
  static let linkTail = 2000
  /// Transfers and funding are kept for so long besides: longer than a day's baseline lasts.
  static let transfersKept = Duration.hours(48)

  /// What is set on one symbol, and where its market stood.
  struct SymbolState: Sendable, Hashable, Codable {
    var symbol: Symbol
    var positionMode: PaperPositionMode?
    var marginMode: MarginMode?
    var longLeverage: Ratio?
    var shortLeverage: Ratio?
    var market: PaperMarket?
  }

  public var version = Self.currentVersion
  public var savedAt: Timestamp
  /// In USDT.
  public var balance: Notional
  var realised: Notional
  var totalFees: Notional
  var marginMode: MarginMode
  var positionMode: PaperPositionMode
  var symbols: [SymbolState]
  public var positions: [PaperPosition]
  /// Open orders, in order of symbol and creation.
  public var orders: [PaperOrder]
  var endedOrders: [PaperOrder]
  var executions: [PaperExecution]
  var ledger: [PaperLedgerEntry]
  var closedTrades: [PaperClosedTrade]
  /// Client ids that were used, oldest first.
  var links: [ClientOrderID]
  var sequence: Int64
  var orderCount: UInt64
  var executionCount: UInt64
  var entryCount: UInt64

  /// Why this is no account, though it reads as one; empty when it is.
  public var problems: [String] {
    var problems: [String] = []
    if balance.magnitude > .usdt(1_000_000_000_000) { problems.append("balance is \(balance)") }
    for position in positions
    where position.quantity < .zero || position.isFlat != (position.side == nil)
      || position.leverage < .one || position.cost < .zero
    {
      problems.append("position \(position.key) makes no sense")
    }
    if Set(positions.map(\.key)).count != positions.count {
      problems.append("a position stands twice")
    }
    if Set(symbols.map(\.symbol)).count != symbols.count {
      problems.append("a symbol stands twice")
    }
    if Set(orders.map(\.id)).count != orders.count { problems.append("an order stands twice") }
    for order in orders
    where !order.status.isOpen || order.quantity < .zero || order.filled < .zero
      || order.filled > order.quantity && !order.closesPosition
    {
      problems.append("order \(order.id) makes no sense")
    }
    let prices = symbols.flatMap { [$0.market?.last, $0.market?.mark] }.compactMap(\.self)
    if prices.contains(where: { $0 <= .zero }) { problems.append("a price is not above 0") }
    let leverages = symbols.flatMap { [$0.longLeverage, $0.shortLeverage] }.compactMap(\.self)
    if leverages.contains(where: { $0 < .one }) { problems.append("a leverage is below 1") }
    return problems
  }
}
