import EngineCore
import TradingModel

/// What a replay led to. The same recording and settings give the same report, in every process.
public struct ReplayReport: Sendable, Hashable {
  /// A raw signal with the gate's verdict: no refusals are an entry.
  public struct Signal: Sendable, Hashable {
    public var intent: Intent
    public var time: Timestamp
    public var refusals: [String]
  }

  /// What one symbol gave.
  public struct SymbolSummary: Sendable, Hashable {
    public var symbol: Symbol
    public var liquidations = 0
    public var signals = 0
    public var entries = 0
    /// Liquidations that were no signal, by the first condition that failed.
    public var noes: [ReasonCount] = []
    /// Signals that were refused, by the checks of the gate; one signal may fail several.
    public var refusals: [ReasonCount] = []
  }

  /// Signals and trades that are told one by one.
  public static let listed = 1000

  public var files: [ReplayFeed.FileSummary]
  public var skippedLines: [SkippedLine]
  public var areInstrumentsDerived: Bool
  public var firstEvent: Timestamp
  public var lastEvent: Timestamp
  public var liquidationCount = 0
  public var tradeCount = 0
  /// Times of silence in the recording that were jumped over.
  public var gaps = 0

  public var signalCount = 0
  public var entryCount = 0
  /// Verdicts of the gate; less than signals where some wait for margin mode and leverage.
  public var verdictCount = 0
  /// Positions that the venue took over.
  public var liquidatedCount = 0
  /// The first `listed` ones, in order.
  public var signals: [Signal] = []
  public var noes: [ReasonCount] = []
  public var refusals: [ReasonCount] = []
  public var ordersFailed: [ReasonCount] = []
  /// In order of opening; those without an end were open when the recording ended.
  public var trades: [RoundTrip] = []
  public var symbols: [SymbolSummary] = []
  public var urgentAlerts = 0

  public var startBalance: Notional
  public var endBalance: Notional
  public var endEquity: Notional
  public var fees: Notional

  /// What the account earned, open positions at their last price.
  public var result: Notional { endEquity - startBalance }
  public var closedTrades: [RoundTrip] { trades.filter { $0.closedAt != nil } }
}
