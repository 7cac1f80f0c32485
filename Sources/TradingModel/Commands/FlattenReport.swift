/// What a flatten (close, kill with flatten, panic, day limit) has done so far.
public struct FlattenReport: Sendable, Hashable, Codable {
  /// The six phases, in order. A close of some positions has no `modulesOff` and no `lock`.
  public enum Phase: Int, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case modulesOff = 1
    case cancel = 2
    case close = 3
    case verify = 4
    case lock = 5
    case report = 6
    public static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
  }

  public struct PhaseTime: Sendable, Hashable, Codable {
    public var phase: Phase
    public var startedAt: Timestamp
    public var endedAt: Timestamp?

    public init(phase: Phase, startedAt: Timestamp, endedAt: Timestamp? = nil) {
      self.phase = phase
      self.startedAt = startedAt
      self.endedAt = endedAt
    }
  }

  /// One position that was to be closed.
  public struct Item: Sendable, Hashable, Codable {
    public var key: PositionKey
    public var side: PositionSide
    /// Size when the flatten began.
    public var before: Quantity
    /// Size that was to be closed.
    public var wanted: Quantity
    /// Size still open beyond what was to be kept, by the last reading.
    public var left: Quantity
    public var averageEntry: Price
    /// Average price of the closing fills; nil while none is known.
    public var averageExit: Price?
    /// The mark price that the preview or the first reading saw.
    public var expectedPrice: Price?
    /// Price result and fees of the closing fills alone.
    public var realised: Notional
    public var fees: Notional
    /// The round trips that it ended, with everything they cost: none while the trip goes on.
    public var roundTrips: [RoundTrip]
    public var tries: Int
    /// It was flat before we closed anything.
    public var wasFlat: Bool
    /// What is open under the venue's smallest order: no order can close it, and `left` leaves it out.
    public var dust: Quantity
    public var failure: OrderFailure?
    /// The stop that still rests on the venue.
    public var stop: Price?

    public init(
      key: PositionKey, side: PositionSide, before: Quantity, wanted: Quantity, left: Quantity,
      averageEntry: Price, averageExit: Price? = nil, expectedPrice: Price? = nil,
      realised: Notional = .zero, fees: Notional = .zero, roundTrips: [RoundTrip] = [],
      tries: Int = 0, wasFlat: Bool = false, dust: Quantity = .zero,
      failure: OrderFailure? = nil, stop: Price? = nil
    ) {
      self.key = key
      self.side = side
      self.before = before
      self.wanted = wanted
      self.left = left
      self.averageEntry = averageEntry
      self.averageExit = averageExit
      self.expectedPrice = expectedPrice
      self.realised = realised
      self.fees = fees
      self.roundTrips = roundTrips
      self.tries = tries
      self.wasFlat = wasFlat
      self.dust = dust
      self.failure = failure
      self.stop = stop
    }

    public var isDust: Bool { !dust.isZero }
  }

  /// What set it off.
  public enum Cause: Sendable, Hashable, Codable {
    case close(CommandID)
    case kill(CommandID)
    /// Nil when it goes on by itself, after a restart.
    case panic(CommandID?)
    case dayStop
    case dayTarget
    case margin
  }

  public var cause: Cause
  /// Who, as reports name them; empty when the bot itself.
  public var by: String
  public var startedAt: Timestamp
  public var endedAt: Timestamp?
  public var phases: [PhaseTime]
  public var items: [Item]
  public var ordersToCancel: Int
  public var ordersCancelled: Int
  /// The read-backs that have shown nothing left, in a row; two 500 ms apart are flat.
  public var flatReadings: Int
  public var warnings: [String]
  /// Some of it could not be written to the journal.
  public var isUnrecorded: Bool

  public init(
    cause: Cause, by: String, startedAt: Timestamp, endedAt: Timestamp? = nil,
    phases: [PhaseTime] = [], items: [Item] = [], ordersToCancel: Int = 0,
    ordersCancelled: Int = 0, flatReadings: Int = 0, warnings: [String] = [],
    isUnrecorded: Bool = false
  ) {
    self.cause = cause
    self.by = by
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.phases = phases
    self.items = items
    self.ordersToCancel = ordersToCancel
    self.ordersCancelled = ordersCancelled
    self.flatReadings = flatReadings
    self.warnings = warnings
    self.isUnrecorded = isUnrecorded
  }

  /// Read back twice: nothing left that was to be closed.
  public var isFlat: Bool {
    endedAt != nil && flatReadings >= 2 && items.allSatisfy { $0.left.isZero }
  }

  public var left: [Item] { items.filter { !$0.left.isZero } }
  public var realised: Notional { items.reduce(.zero) { $0 + $1.realised } }
  public var fees: Notional { items.reduce(.zero) { $0 + $1.fees } }
}
