import TradingModel

/// One question that every entry is asked.
struct EntryCheck: Sendable {
  /// A stable key, by which refusals are counted.
  let key: String
  /// Everything that speaks against the candidate; empty is a pass.
  let objections: @Sendable (Candidate) -> [String]

  init(_ key: String, objections: @escaping @Sendable (Candidate) -> [String]) {
    self.key = key
    self.objections = objections
  }

  /// The ten checks of an entry, then what may forbid entries altogether.
  static let all: [EntryCheck] = [
    .symbolEnabled, .activeList, .signalAge, .signalHandled, .positionLimits, .ownership, .stop,
    .price, .basis, .balance,
    .edge, .exposure, .margin, .openRisk, .account, .lock, .throttle, .preparation, .link, .clock,
    .journal,
    .stopping,
  ]
}
