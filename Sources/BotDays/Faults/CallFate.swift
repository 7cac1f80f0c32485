import TradingModel

/// Which request of the bot.
public enum VenueCall: String, Sendable, Hashable, CaseIterable {
  case place, cancel, cancelAll, protect, leverage, margin
  case account, order, fills, transfers, symbolSettings
  case instruments, time, candles

  /// It changes something at the venue.
  var isDeed: Bool {
    switch self {
    case .place, .cancel, .cancelAll, .protect, .leverage, .margin: true
    default: false
    }
  }

  /// It carries our time, which the venue checks.
  var isSigned: Bool { self != .instruments && self != .time && self != .candles }
}

/// What becomes of a request.
public enum CallFate: Sendable, Hashable {
  /// Carried out after `there`, answered after `back`.
  case answered(there: Duration, back: Duration)
  /// Never carried out, and the bot is told so after `after`.
  case refused(VenueError, after: Duration)
  /// Carried out after `there`, and answered after `back` with what does not say so.
  case failed(VenueError, there: Duration, back: Duration)
  /// Never arrives, and nobody says so.
  case lost
  /// Carried out after `there`; the answer never comes.
  case unanswered(there: Duration)
}
