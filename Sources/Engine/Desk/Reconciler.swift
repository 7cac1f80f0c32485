import EngineCore
import Logging
import TradingModel

/// Owns the readings of the account: one at a time, and each answers those who asked before it
/// began. Candles are read beside them.
public actor Reconciler {
  private enum Turn: Sendable {
    case lead
    case share(Result<AccountReading, VenueError>)
  }

  private let reader: any AccountReader
  private let candles: (any CandleReader)?
  private let clock: any WallClock
  private let deadline: Duration
  private let log: Logger
  private let onClockSkew: @Sendable () -> Void
  private var isReading = false
  private var waiting: [CheckedContinuation<Turn, Never>] = []

  /// - Parameters:
  ///   - candles: Nil where no market can be read: what is measured in ATR is not known then.
  ///   - deadline: How long one reading may take.
  ///   - onClockSkew: Called when the venue refused our time, so that it is measured.
  public init(
    reader: any AccountReader, candles: (any CandleReader)? = nil, clock: any WallClock,
    deadline: Duration = .seconds(10),
    log: Logger, onClockSkew: @escaping @Sendable () -> Void = {}
  ) {
    self.reader = reader
    self.candles = candles
    self.clock = clock
    self.deadline = deadline
    self.log = log
    self.onClockSkew = onClockSkew
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
    let result = await timed {
      [reader] () async throws(VenueError) in try await reader.fills(since: start)
    }
    switch result {
    case .success(let fills): return .fillsRead(fills, since: start)
    case .failure(let error):
      log.warning("executions not read", metadata: ["error": "\(error)"])
      return .fillsNotRead(error)
    }
  }

  /// Money that came in or went out since `start`, and funding.
  public func readLedger(since start: Timestamp) async -> EngineEvent.Answer {
    let result = await timed {
      [reader] () async throws(VenueError) in try await reader.ledger(since: start)
    }
    switch result {
    case .success(let ledger): return .ledgerRead(ledger)
    case .failure(let error): return .ledgerNotRead(error)
    }
  }

  /// Closed candles. The engine asks again where they could not be read.
  public func readCandles(_ request: CandleRequest) async -> EngineEvent.Answer {
    guard let candles else {
      return .candlesNotRead(request, .unreachable("this run reads no candles"))
    }
    let result = await timed {
      () async throws(VenueError) in
      try await candles.closedCandles(of: request.symbol, request.interval, count: request.count)
    }
    switch result {
    case .success(let found): return .candlesRead(request, found)
    case .failure(let error):
      log.warning(
        "candles not read", metadata: ["symbol": "\(request.symbol)", "error": "\(error)"])
      return .candlesNotRead(request, error)
    }
  }

  /// One reading of the account within its deadline. A refused clock is told, whatever was read.
  private func timed<Value: Sendable>(
    _ work: @escaping @Sendable () async throws(VenueError) -> Value
  ) async -> Result<Value, VenueError> {
    let result = await limited(until: clock.now + deadline, on: clock, work)
    if case .failure(.clockSkew) = result { onClockSkew() }
    return result
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
    let result = await timed {
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
