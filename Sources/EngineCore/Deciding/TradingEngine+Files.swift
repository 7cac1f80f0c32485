import TradingModel

// What other programs read of the day.

/// The figures of the day that were written last, and when.
struct WrittenDay: Sendable, Hashable {
  let view: DayView
  let locks: [Lock]
  let at: Timestamp

  /// A lock came or went, a trade ended, or another day began: more than prices that move.
  func differsAtOnce(from view: DayView, _ locks: [Lock]) -> Bool {
    locks != self.locks || view.baseline != self.view.baseline || view.won != self.view.won
      || view.lost != self.view.lost
  }
}

extension TradingEngine {
  /// The file is not rewritten more often than this for what matters, and for prices that move.
  private static let urgentFilePace = Duration.seconds(1)
  private static let filePace = Duration.seconds(5)
  /// Though nothing has changed; the journal takes the day at this pace, too.
  private static let idleFilePace = Duration.seconds(30)
  private static let momentPace = Duration.seconds(300)

  mutating func writeDayIfDue() {
    guard let view = dayView else { return }
    if let last = standing.writtenDay {
      let isUrgent = last.differsAtOnce(from: view, locks.locks)
      let pace =
        isUrgent
        ? Self.urgentFilePace : last.view == view ? Self.idleFilePace : Self.filePace
      guard now - last.at >= pace else { return }
    }
    writeDay(view)
  }

  /// Now, whatever was written last.
  mutating func writeDay() {
    if let view = dayView { writeDay(view) }
  }

  private mutating func writeDay(_ view: DayView) {
    let last = standing.writtenDay
    standing.writtenDay = WrittenDay(view: view, locks: locks.locks, at: now)
    emit(
      .writeStateFile(.dailyPnL(view, locks: locks.locks, stoppedBy: locks.lock(.day))))
    let isNews = last?.differsAtOnce(from: view, locks.locks) ?? true
    guard isNews || standing.dayRecordedAt.map({ now - $0 >= Self.idleFilePace }) ?? true else {
      return
    }
    standing.dayRecordedAt = now
    record(.day(view, at: now))
  }

  /// A limit of the day has closed everything: the day has its row.
  mutating func writeDayResult() {
    guard let view = dayView else { return }
    emit(.writeStateFile(.dayResult(view.dayResult)))
  }

  /// The account as it is, every five minutes since it was first read.
  mutating func writeMomentIfDue() {
    guard account.lastReading > 0,
      standing.momentWrittenAt.map({ now - $0 >= Self.momentPace }) ?? true
    else { return }
    standing.momentWrittenAt = now
    emit(
      .writeStateFile(
        .moment(
          AccountMoment(
            time: now, equity: liveWallet?.equity, dayResult: dayView?.result,
            marginUse: marginView?.initialUse, positions: positionViews))))
  }
}
