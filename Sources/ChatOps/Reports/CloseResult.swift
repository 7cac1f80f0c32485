import TradingModel

/// What closes earned. There are two figures that it could be, so it says which it is: that of the
/// whole round trips, with every fee and all funding they cost, or, while one goes on or is not known, that of the
/// exit alone.
struct CloseResult {
  let realised: Notional
  let fees: Notional
  /// Paid is positive; of whole round trips alone.
  let funding: Notional
  /// Of whole round trips: the figure that the message about the closed position shows, too.
  let isWhole: Bool

  var net: Notional { realised - fees - funding }

  /// - Parameter isWhole: Several that stand under one another must mean the same.
  init(_ item: FlattenReport.Item, isWhole: Bool) {
    self.isWhole = isWhole
    if isWhole {
      realised = item.roundTrips.reduce(.zero) { $0 + $1.realised }
      fees = item.roundTrips.reduce(.zero) { $0 + $1.fees }
      funding = item.roundTrips.reduce(.zero) { $0 + $1.funding }
    } else {
      realised = item.realised
      fees = item.fees
      funding = .zero
    }
  }

  init(_ report: FlattenReport) {
    let parts = report.items.map { CloseResult($0, isWhole: report.endsRoundTrips) }
    realised = parts.reduce(.zero) { $0 + $1.realised }
    fees = parts.reduce(.zero) { $0 + $1.fees }
    funding = parts.reduce(.zero) { $0 + $1.funding }
    isWhole = report.endsRoundTrips
  }

  /// ` − funding 2.26`, ` + funding 0.40` of what was received; empty where none was booked.
  func fundingText(in words: Words) -> String {
    guard !funding.isZero else { return "" }
    return words(
      funding > .zero ? .lessFunding : .plusFunding, ["amount": Figures.money(funding.magnitude)])
  }
}

extension FlattenReport {
  /// Every position that it closed has come to its end, and is known as a whole.
  var endsRoundTrips: Bool {
    let closed = items.filter { $0.averageExit != nil }
    return !closed.isEmpty && closed.allSatisfy { $0.left.isZero && !$0.roundTrips.isEmpty }
  }
}
