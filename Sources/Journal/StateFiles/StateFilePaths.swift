/// Where the files for other programs lie.
public struct StateFilePaths: Sendable, Hashable {
  public var dailyPnL: String
  public var pnlLog: String
  /// A folder: in it a file for each UTC day.
  public var snapshots: String
  public var tradingDisabledFlag: String
  public var panicLock: String

  /// The usual names in one directory.
  public init(directory: String) {
    dailyPnL = "\(directory)/daily_pnl.json"
    pnlLog = "\(directory)/pnl_log.csv"
    snapshots = "\(directory)/snapshots"
    tradingDisabledFlag = "\(directory)/trading_disabled.flag"
    panicLock = "\(directory)/panic.lock"
  }
}
