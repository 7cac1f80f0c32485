/// The bounds of the order desk.
public struct DeskSettings: Sendable, Hashable {
  /// From an order's arrival at the desk to its answer.
  public var orderDeadline: Duration = .seconds(15)
  /// From the approval of an entry to its sending: what the gate judged by (price, age of the signal,
  /// what it rests on) is old after that.
  public var entryPatience: Duration = .seconds(3)
  /// For one placing or looking up.
  public var callDeadline: Duration = .seconds(5)
  /// For a change of stop or target, repeats included: unprotected is not a state to wait in.
  public var protectionDeadline: Duration = .seconds(2)
  /// For cancelling and preparing, repeats included.
  public var requestDeadline: Duration = .seconds(10)
  /// How often a request that may safely be repeated is sent in all.
  public var attempts = 3
  /// How many closing, protecting and cancelling requests run at once. A whole account fits in: which
  /// of its closes go first, and together, is for the venue's client to say, which keeps the limits.
  public var closingWidth = 64
  public var entryWidth = 4
  /// How many more wait in line; beyond, they are refused at once.
  public var longestClosingLine = 1024
  public var longestEntryLine = 64
  /// Leverage is set before the first entry of a symbol and must read back as that. Otherwise it stays
  /// as a person set it, and only one above what the entry was sized for is refused: its liquidation
  /// could come before its stop.
  public var setsLeverage = true

  public init() {}
}
