import Simulation
import TradingModel

// What the bot may ask of the venue, at the moment it arrives there.

extension SimulatedVenue {
  func place(_ order: OrderRequest) -> Result<String, VenueError> {
    let result = carryOut { (paper, now) throws(PaperRejection) in
      try paper.place(PaperOrderRequest(order), at: now).id
    }
    note(.order(order, refused: result.error))
    return result
  }

  func cancel(_ order: OrderReference) -> Result<Void, VenueError> {
    note(.cancel(order))
    let result = carryOut { (paper, now) throws(PaperRejection) in
      _ = try paper.cancel(order, at: now)
    }
    return result.error?.meaning == .orderNotFound ? .success(()) : result
  }

  func cancelAll(_ symbol: Symbol?, keepingProtection: Bool) -> Result<Int, VenueError> {
    let result = carryOut { (paper, now) throws(PaperRejection) in
      paper.cancelAll(
        symbol: symbol, filter: keepingProtection ? .keepingProtection : .all, at: now
      ).count
    }
    if case .success(let count) = result {
      note(.cancelAll(symbol, keepingProtection: keepingProtection, count: count))
    }
    return result
  }

  func protect(_ change: ProtectionChange) -> Result<Void, VenueError> {
    let before = position(change.key)
    let result = carryOut { (paper, now) throws(PaperRejection) in
      _ = try paper.setTradingStop(
        change.key, stop: change.stop.map(PaperLeg.at) ?? .unchanged,
        target: change.target.map(PaperLeg.at) ?? .unchanged, stopSource: change.trigger,
        targetSource: change.trigger, at: now)
    }
    note(.protection(change, before: before, refused: result.error))
    return result.error?.meaning == .notModified ? .success(()) : result
  }

  func setLeverage(_ leverage: Ratio, for symbol: Symbol) -> Result<Void, VenueError> {
    let result = carryOut { (paper, now) throws(PaperRejection) in
      try paper.setLeverage(symbol, long: leverage, short: leverage, at: now)
    }
    return result.error?.meaning == .notModified ? .success(()) : result
  }

  func setIsolatedMargin(for symbol: Symbol) -> Result<Void, VenueError> {
    let result = carryOut { (paper, now) throws(PaperRejection) in
      switch paper.settings.rules.marginScope {
      case .account: try paper.setMarginMode(.isolated, at: now)
      case .symbol: try paper.setMarginMode(.isolated, of: symbol)
      }
    }
    return result.error?.meaning == .notModified ? .success(()) : result
  }

  func settings(of symbol: Symbol) -> SymbolSettings {
    SymbolSettings(
      marginMode: paper.marginMode(of: symbol), leverage: paper.leverage(of: symbol, side: .long),
      positionMode: paper.mode(of: symbol) == .hedge ? .hedge : .oneWay)
  }
}

extension Result where Failure == VenueError {
  fileprivate var error: VenueError? {
    if case .failure(let error) = self { error } else { nil }
  }
}

extension VenueError {
  var meaning: Rejection.Meaning? {
    if case .rejected(let rejection) = self { rejection.meaning } else { nil }
  }
}
