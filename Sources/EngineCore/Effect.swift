import Risk
import TradingModel

/// Something the engine wants done. The engine itself touches nothing.
public enum Effect: Sendable, Hashable {
  case place(ApprovedOrder)
  /// An entry that has not left is never to leave. Done the moment it is decided: it waits for no
  /// record, so that a lock holds before it is written down.
  case callBack(ClientOrderID)
  case reduce(ReducingOrder)
  case protect(Protection)
  case cancel(OrderReference)
  /// All orders of the account, or of a symbol.
  case cancelAll(symbol: Symbol?, keepingProtection: Bool)
  /// Isolated margin and leverage, set and read back, before the first entry of a symbol.
  case prepare(Symbol, leverage: Ratio)
  case readAccount(ReadTicket)
  case readFills(since: Timestamp)
  /// Transfers and funding.
  case readLedger(since: Timestamp)
  case readCandles(CandleRequest)
  /// Durable records are committed before the effects after them are carried out.
  case record(JournalRecord)
  case alert(Alert)
  case progress(CommandProgress)
  /// The panic lock file, the day flag and the daily figures for other programs.
  case writeStateFile(StateFile)
  /// Answered at once: durable records before it are committed by then, or were waited for in vain.
  case mark(FlattenMark)
}

/// A phase of a flatten that ends with what is written down.
public struct FlattenMark: Sendable, Hashable {
  let number: Int
  let phase: FlattenReport.Phase
}
