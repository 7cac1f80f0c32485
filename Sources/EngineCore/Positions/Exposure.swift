import TradingModel

/// An open position with everything that decides how it is protected and counted.
struct Exposure: Sendable, Hashable {
  var position: Position
  var owner: Owner
  /// The stop that was seen resting on the venue.
  var stop: Price?
  /// What is wanted for a position that an entry of this life opened; nil for one that was found.
  var plan: ProtectionPlan?
  /// Told by our executions alone so far: the venue's own word is still to come.
  var isPresumed = false

  var key: PositionKey { position.key }
}

/// The stop and target that a position is meant to have.
struct ProtectionPlan: Sendable, Hashable {
  var stop: Price?
  var target: Price?
  /// Which price moves them.
  var trigger = TriggerSource.last
}
