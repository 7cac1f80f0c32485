import Simulation
import TradingModel

/// What the market did within one step.
public struct MarketNews: Sendable {
  public let time: Timestamp
  /// In order, stamped with the servers' clock. What is too old to be worth telling is left out.
  public let events: [MarketEvent]
  /// The venues' boards after it.
  public let bybit: MarketBoard
  public let binance: MarketBoard
  /// Counts the moves of the market; a `SyntheticBook` is drawn for one.
  public let beat: Int64
  /// The trades among the events, in order.
  public let prints: [MarketPrint]
  /// The venues' tapes after it.
  public let bybitTape: MarketTape
  public let binanceTape: MarketTape
}

/// What happened to the account, in the order in which a private stream tells it.
public enum AccountNews: Sendable, Hashable {
  /// With what it brought after fees, where it closed something.
  case order(PaperOrder, OrderStage, profit: Notional?)
  case execution(PaperExecution)
  case position(PositionReport)
  case wallet(PaperWallet)
  /// Funding was paid or received.
  case funding(PaperLedgerEntry)
  /// Money moved in (positive) or out.
  case transfer(Notional, at: Timestamp)
}

/// At which point of its life an order is told.
public enum OrderStage: Sendable, Hashable {
  /// As it stands.
  case current
  /// As it was when the venue took it: nothing filled. Told first of an order that fills at once.
  case taken
  /// At the moment in which its trigger was reached.
  case triggered
}

/// Hears what the exchange does. Called in order, from within the exchange: it must not block.
public protocol ExchangeListener: Sendable {
  func marketMoved(_ news: MarketNews)
  func accountChanged(_ news: [AccountNews], at time: Timestamp)
}

extension ExchangeListener {
  public func accountChanged(_ news: [AccountNews], at time: Timestamp) {}
}
