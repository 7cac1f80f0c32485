import EngineCore
import Risk
import TradingModel

extension PaperVenue {
  /// Carries out what the engine decided, as the order desk does on a real venue.
  /// - Returns: What comes back; nil for effects that no venue answers.
  mutating func carryOut(
    _ effect: Effect, decidedAt: Timestamp, at now: Timestamp
  ) -> EngineEvent.Answer? {
    switch effect {
    case .place(let order): placed(order.request, at: now)
    case .reduce(let order): placed(order.request, at: now)
    case .protect(let protection): protected(protection.change, at: now)
    case .cancel(let reference): cancelled(reference, at: now)
    case .cancelAll(let symbol, let keepingProtection):
      .cancelledAll(
        symbol: symbol,
        count: cancelAll(
          symbol: symbol, filter: keepingProtection ? .keepingProtection : .all, at: now
        ).count)
    case .prepare(let symbol, let leverage): prepared(symbol, leverage: leverage, at: now)
    case .readAccount(let ticket): .accountRead(ticket, reading(since: decidedAt, at: now))
    case .readFills(let start): .fillsRead(executions(since: start).map(\.fill), since: start)
    case .readLedger(let start): .ledgerRead(AccountLedger(funding: fundingPayments(since: start)))
    case .readCandles(let request):
      .candlesNotRead(request, .unreachable("a paper venue keeps no candles"))
    case .mark(let mark): .reached(mark)
    case .record, .alert, .progress, .writeStateFile, .callBack: nil
    }
  }

  private func reading(since start: Timestamp, at now: Timestamp) -> AccountReading {
    var reading = reading(at: now)
    reading.startedAt = start
    return reading
  }

  private mutating func placed(_ request: OrderRequest, at now: Timestamp) -> EngineEvent.Answer {
    do throws(PaperRejection) {
      return .placed(request, venueID: try place(PaperOrderRequest(request), at: now).id)
    } catch {
      return .notPlaced(request, .rejected(error.bybit))
    }
  }

  private mutating func protected(
    _ change: ProtectionChange, at now: Timestamp
  ) -> EngineEvent.Answer {
    do throws(PaperRejection) {
      try protect(change, at: now)
    } catch {
      if error.meaning != .notModified { return .notProtected(change, .rejected(error.bybit)) }
    }
    return .protected(change)
  }

  private mutating func cancelled(
    _ reference: OrderReference, at now: Timestamp
  ) -> EngineEvent.Answer {
    do throws(PaperRejection) {
      try cancel(reference, at: now)
    } catch {
      if error.meaning != .orderNotFound { return .notCancelled(reference, .rejected(error.bybit)) }
    }
    return .cancelled(reference)
  }

  private mutating func prepared(
    _ symbol: Symbol, leverage: Ratio, at now: Timestamp
  ) -> EngineEvent.Answer {
    do throws(PaperRejection) {
      try setMarginMode(.isolated, at: now)
    } catch {
      if error.meaning != .notModified { return .notPrepared(symbol, .rejected(error.bybit)) }
    }
    do throws(PaperRejection) {
      try setLeverage(symbol, long: leverage, short: leverage, at: now)
    } catch {
      if error.meaning != .notModified { return .notPrepared(symbol, .rejected(error.bybit)) }
    }
    return .prepared(symbol, leverage: leverage)
  }
}
