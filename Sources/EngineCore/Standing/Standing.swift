import TradingModel

/// How the bot itself is.
struct Standing: Sendable {
  /// The journal's memory was taken up.
  var isBooted = false
  var bootedAt = Timestamp(nanoseconds: 0)
  var downFor: Duration?
  var wasClean = true
  /// Commands that the last life was carrying out when it ended, as they were typed.
  var inFlight: [String] = []
  /// How many positions were as expected; nil before the first reconciliation and once it was told.
  var startUntold: Int?
  /// For how long the guard had the chat before this life.
  var guardedFor: Duration?
  var isStopping = false
  /// The journal remembers no execution: those from here on count. Nil while it remembers.
  var countsFrom: Timestamp?
  /// Where funding is read from in the first hours of this life; nil without round trips.
  var fundingSince: Timestamp?
  /// What was told of the flag file before the journal's memory was taken up.
  var flagAtStart: (isPresent: Bool, reason: String)?

  /// When the panic of another program that was obeyed last began: its file is written again as it
  /// goes on, and stays a moment after `/unlock`.
  var foreignPanicAt: Timestamp?

  var isJournalWorking = true
  var journalTrouble = ""

  /// The venue's clock less ours; nil while it was never measured.
  var clockSkew: Duration?
  /// 0 agrees, 1 is told, 2 stops entries.
  var clockDegree = 0
  var isBalanceLow = false

  /// Whether the settings were held against the rules that are known now.
  var areLeveragesJudged = false
  /// What was told to be lowered: not again.
  var leveragesTold: [Symbol: LoweredLeverage] = [:]

  /// The readings up to this ticket were asked for before the account was last lost track of.
  var lostAtTicket: UInt64 = 0
  var isAccountTold = false
  /// When the account became unknown, and why.
  var accountUnknownSince: Timestamp?
  var accountTrouble = "not read yet"
  /// In a row.
  var failedReadings = 0

  var writtenDay: WrittenDay?
  var dayRecordedAt: Timestamp?
  var momentWrittenAt: Timestamp?
  /// The baseline was last moved by transfers when this was the last reading asked for.
  var movedAtTicket: UInt64 = 0
  /// The reduction under way, and the last reading asked for when one was over.
  var marginCut: MarginCut?
  var reducedAtTicket: UInt64 = 0
  var isMarginStuckTold = false

  /// When the account was last read because a price alone would have fired a limit of the day.
  var equityAskedAt: Timestamp?
}
