import TradingModel

/// Something that goes wrong, as it was played.
public struct Fault: Sendable, Hashable, CustomStringConvertible {
  /// The faults of a day; each is played at the venue, on the wire, in the store, in the chat, to the
  /// process or by a hand.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    // A call to the venue
    case refusedConnection, lostRequest, lateRequest, lostAnswer, lateAnswer
    case rateLimited, clockRefused, noBalance, duplicateRefused, reduceOnlyRefused, maintenance
    case positionModeRefused, unreadableAnswer, tornReading
    // It was carried out all the same
    case maintenanceDone, unreadableDone
    // Spells of them
    case venueDown, venueSlow, accountUnreadable, unauthorised
    // The market
    case booksThin, symbolClosed, rulesChanged
    // The streams
    case updateTwice, updateLate, updateLost, streamCut, pricesStale
    // The clock
    case clockSkewed, clockJumped
    // The account, past the bot
    case openedByHand, closedByHand, reducedByHand, stopRemovedByHand, moneyMoved
    case addedByHand, stopMovedByHand, partialByHand, trailingByHand, targetCancelledByHand
    case leverageByHand, marginModeByHand, positionModeByHand
    // The store
    case storeRefuses, storeHangs, storeUnreadable, flagFile
    // The process
    case killed, stopped, journalLost
    // The chat
    case chatFlooded, chatBlocked, chatFailed, chatUncertain, chatDown, chatConflict, chatRefused
    case updateRepeated, updateOutOfOrder, commandLate, tappedTwice, tappedByTwo
  }

  public var kind: Kind
  public var detail: String

  public init(_ kind: Kind, _ detail: String = "") {
    self.kind = kind
    self.detail = detail
  }

  public var description: String { detail.isEmpty ? kind.rawValue : "\(kind.rawValue), \(detail)" }
}
