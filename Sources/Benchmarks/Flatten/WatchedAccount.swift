import Synchronization
import TradingModel

/// An account whose readings are noted: how many positions it had, and when it was first empty.
final class WatchedAccount: AccountReader {
  private struct State {
    var positions: Int?
    var emptyAt: Int64?
  }

  private let account: any AccountReader
  private let state = Mutex(State())

  init(_ account: any AccountReader) { self.account = account }

  /// By the last reading; nil before the first.
  var positions: Int? { state.withLock { $0.positions } }
  /// When the first reading without a position was there (`Stopwatch.wall`).
  var emptyAt: Int64? { state.withLock { $0.emptyAt } }

  func readAccount() async throws(VenueError) -> AccountReading {
    let reading = try await account.readAccount()
    let now = Stopwatch.wall
    state.withLock { state in
      state.positions = reading.positions.count
      if reading.positions.isEmpty, state.emptyAt == nil { state.emptyAt = now }
    }
    return reading
  }

  func order(_ id: ClientOrderID, symbol: Symbol) async throws(VenueError) -> Order? {
    try await account.order(id, symbol: symbol)
  }

  func fills(since start: Timestamp) async throws(VenueError) -> [Fill] {
    try await account.fills(since: start)
  }

  func ledger(since start: Timestamp) async throws(VenueError) -> AccountLedger {
    try await account.ledger(since: start)
  }

  func symbolSettings(of symbol: Symbol) async throws(VenueError) -> SymbolSettings {
    try await account.symbolSettings(of: symbol)
  }
}
