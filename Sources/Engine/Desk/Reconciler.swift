import EngineCore
import Logging
import TradingModel

/// Owns the readings of the account: one at a time, and each answers those who asked before it
/// began.
public actor Reconciler {
  private enum Turn: Sendable {
    case lead
    case share(Result<AccountReading, VenueError>)
  }

  private let reader: any AccountReader
  private let clock: any WallClock
  private let deadline: Duration
  private let log: Logger
  private var isReading = false
  private var waiting: [CheckedContinuation<Turn, Never>] = []

  /// - Parameter deadline: How long one reading may take.
  public init(
    reader: any AccountReader, clock: any WallClock, deadline: Duration = .seconds(10),
    log: Logger
  ) {
    self.reader = reader
    self.clock = clock
    self.deadline = deadline
    self.log = log
  }

  /// Wallet, positions and orders, by a reading that begins after this call.
  public func read(_ ticket: ReadTicket) async -> EngineEvent.Answer {
    switch await reading() {
    case .success(let reading): .accountRead(ticket, reading)
    case .failure(let error): .accountNotRead(ticket, error)
    }
  }

  /// Executions since `start`. The engine asks again where they could not be read.
  public func readFills(since start: Timestamp) async -> EngineEvent.Answer {
    let result = await limited(until: clock.now + deadline, on: clock) {
      [reader] () async throws(VenueError) in try await reader.fills(since: start)
    }
    switch result {
    case .success(let fills): return .fillsRead(fills, since: start)
    case .failure(let error):
      log.warning("executions not read", metadata: ["error": "\(error)"])
      return .fillsNotRead(error)
    }
  }

  /// Money that came in or went out since `start`.
  public func readTransfers(since start: Timestamp) async -> EngineEvent.Answer {
    let result = await limited(until: clock.now + deadline, on: clock) {
      [reader] () async throws(VenueError) in try await reader.transfers(since: start)
    }
    switch result {
    case .success(let transfers): return .transfersRead(transfers)
    case .failure(let error): return .transfersNotRead(error)
    }
  }

  /// How many wait for the next reading.
  var waitingCount: Int { waiting.count }

  private func reading() async -> Result<AccountReading, VenueError> {
    if isReading {
      let turn = await withCheckedContinuation { waiting.append($0) }
      if case .share(let result) = turn { return result }
    }
    isReading = true
    let sharing = waiting  // They asked before this reading begins.
    waiting = []
    let result = await limited(until: clock.now + deadline, on: clock) {
      [reader] () async throws(VenueError) in try await reader.readAccount()
    }
    for one in sharing { one.resume(returning: .share(result)) }
    if waiting.isEmpty {
      isReading = false
    } else {
      waiting.removeFirst().resume(returning: .lead)
    }
    return result
  }
}
