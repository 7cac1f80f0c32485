import TradingModel

/// An open position with everything that decides how it is protected and counted.
struct Exposure: Sendable, Hashable {
  var position: Position
  var owner: Owner
  /// The stop that was seen resting on the venue.
  var stop: Price?
  /// What the entry asked for; nil for positions that were found.
  var plan: ProtectionPlan?
  /// Told by our executions alone so far: the venue's own word is still to come.
  var isPresumed = false

  var key: PositionKey { position.key }
}

/// The stop and target that an entry brought with it.
struct ProtectionPlan: Sendable, Hashable {
  var stop: Price?
  var target: Price?
}
