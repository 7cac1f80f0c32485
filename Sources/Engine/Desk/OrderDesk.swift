import EngineCore
import Risk
import TradingModel

/// Owns every order from its permission to its answer. The only place that sends one, and the only
/// holder of an `OrderGateway`.
///
/// Nothing is thrown and nothing is left open: each deed ends in one answer within its deadline.
public actor OrderDesk {
  let gateway: any OrderGateway
  let reader: any AccountReader
  let journal: any JournalWriter
  let clock: any WallClock
  let settings: DeskSettings
  nonisolated let sendTimes = SendTimes()
  nonisolated let recalls = Recalls()
  private let thread: EngineThread
  private let onClockSkew: @Sendable () -> Void
  private let onRuleError: @Sendable () -> Void

  private var closingLane: Turnstile
  private var entryLane: Turnstile
  /// Entries that have no answer yet.
  private var pendingEntries: [ClientOrderID: Symbol] = [:]

  /// - Parameters:
  ///   - onClockSkew: Called when the venue refused our time, so that it is measured.
  ///   - onRuleError: Called when an order broke a rule of its contract, so that they are read anew.
  public init(
    gateway: any OrderGateway, reader: any AccountReader, journal: any JournalWriter,
    clock: any WallClock, thread: EngineThread = EngineThread(),
    settings: DeskSettings = DeskSettings(), onClockSkew: @escaping @Sendable () -> Void = {},
    onRuleError: @escaping @Sendable () -> Void = {}
  ) {
    self.gateway = gateway
    self.reader = reader
    self.journal = journal
    self.clock = clock
    self.thread = thread
    self.settings = settings
    self.onClockSkew = onClockSkew
    self.onRuleError = onRuleError
    closingLane = Turnstile(
      width: settings.closingWidth, longestLine: settings.longestClosingLine)
    entryLane = Turnstile(width: settings.entryWidth, longestLine: settings.longestEntryLine)
  }

  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.unownedExecutor }

  /// - Parameter approvedAt: When the gate let it pass; nil is now.
  public func place(
    _ order: ApprovedOrder, approvedAt: Timestamp? = nil
  ) async -> EngineEvent.Answer {
    let request = order.request
    pendingEntries[request.id] = request.symbol
    defer { pendingEntries[request.id] = nil }
    let leavesBefore = (approvedAt ?? clock.now) + settings.entryPatience
    return await bring(
      request, by: .entry, signal: order.intent.id, leavingBefore: leavesBefore)
  }

  /// An entry that has not left is never sent. Holds at once, from any thread, and for an entry that
  /// is still on its way to the desk, too.
  public nonisolated func callBack(_ id: ClientOrderID) { recalls.note(id) }

  public func reduce(_ order: ReducingOrder) async -> EngineEvent.Answer {
    await bring(order.request, by: .closing, signal: nil)
  }

  public func protect(_ protection: Protection) async -> EngineEvent.Answer {
    let change = protection.change
    let result = await insist(by: .closing, within: settings.protectionDeadline) {
      desk async throws(VenueError) in try await desk.gateway.protect(change)
    }
    return switch result.accepting(.notModified) {
    case .success: .protected(change)
    case .failure(let error): .notProtected(change, error)
    }
  }

  public func cancel(_ order: OrderReference) async -> EngineEvent.Answer {
    // Before the first await: what waits in line or for a repeat is never sent.
    if let id = order.id, pendingEntries[id] != nil { callBack(id) }
    let result = await insist(by: .closing, within: settings.requestDeadline) {
      desk async throws(VenueError) in try await desk.gateway.cancel(order)
    }
    return switch result.accepting(.orderNotFound) {
    case .success: .cancelled(order)
    case .failure(let error): .notCancelled(order, error)
    }
  }

  public func cancelAll(
    symbol: Symbol?, keepingProtection: Bool
  ) async -> EngineEvent.Answer {
    for (id, pending) in pendingEntries where symbol == nil || pending == symbol { callBack(id) }
    let result = await insist(by: .closing, within: settings.requestDeadline) {
      desk async throws(VenueError) in
      try await desk.gateway.cancelAll(symbol: symbol, keepingProtection: keepingProtection)
    }
    return switch result {
    case .success(let count): .cancelledAll(symbol: symbol, count: count)
    case .failure(let error): .notCancelledAll(symbol: symbol, error)
    }
  }

  /// Isolated margin and leverage: set, and believed when they are read back, with the position mode
  /// that the entry has to fit.
  public func prepare(_ symbol: Symbol, leverage: Ratio) async -> EngineEvent.Answer {
    let result = await insist(by: .entry, within: settings.requestDeadline) {
      desk async throws(VenueError) in
      let (gateway, reader, setsLeverage) = (
        desk.gateway, desk.reader, desk.settings.setsLeverage
      )
      try await accepting(.notModified) { () async throws(VenueError) in
        try await gateway.setIsolatedMargin(for: symbol)
      }
      if setsLeverage {
        try await accepting(.notModified) { () async throws(VenueError) in
          try await gateway.setLeverage(leverage, for: symbol)
        }
      }
      return try await reader.symbolSettings(of: symbol)
    }
    switch result {
    case .success(let found) where found.marginMode == .isolated && fits(found.leverage, leverage):
      return .prepared(symbol, leverage: leverage, mode: found.positionMode)
    case .success(let found):
      let reason =
        "reads back as \(found.marginMode.rawValue) margin with leverage \(found.leverage), "
        + "wanted isolated with \(settings.setsLeverage ? "" : "at most ")\(leverage)"
      return .notPrepared(
        symbol, .rejected(Rejection(code: 0, reason: reason, meaning: .leverage)))
    case .failure(let error):
      return .notPrepared(symbol, error)
    }
  }

  private func fits(_ found: Ratio, _ wanted: Ratio) -> Bool {
    settings.setsLeverage ? found == wanted : found <= wanted
  }

  // MARK: Lanes and pace

  /// Takes a place in the lane; false when the line is full.
  func enter(_ lane: DeskLane) async -> Bool {
    switch lane {
    case .closing:
      let admission = closingLane.enter()
      if admission == .mustWait { await withCheckedContinuation { closingLane.wait($0) } }
      return admission != .full
    case .entry:
      let admission = entryLane.enter()
      if admission == .mustWait { await withCheckedContinuation { entryLane.wait($0) } }
      return admission != .full
    }
  }

  func leave(_ lane: DeskLane) {
    switch lane {
    case .closing: closingLane.leave()
    case .entry: entryLane.leave()
    }
  }

  /// Waits until `time`. A venue that wants to be left alone is left alone by its client, which
  /// knows what is kept for closing: one request's refusal never holds up another here.
  /// - Returns: False when that is not before `deadline`, or the task was cancelled.
  func awaitTurn(at time: Timestamp, before deadline: Timestamp) async -> Bool {
    guard time < deadline, !Task.isCancelled else { return false }
    guard clock.now < time else { return true }
    do { try await clock.sleep(until: time) } catch { return false }
    return true
  }

  /// What every request has to tell about the venue as a whole.
  func heed(_ error: VenueError) {
    switch error {
    case .clockSkew: onClockSkew()
    case .rejected(let rejection) where rejection.meaning.isOfTheRules: onRuleError()
    default: break
    }
  }
}
