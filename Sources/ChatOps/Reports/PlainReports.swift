import Chat
import TradingModel

/// Reports in the chat's words for those who read them elsewhere: over HTTP, on a console.
public struct PlainReports: Sendable {
  private let settings: ChatOpsSettings

  public init(settings: ChatOpsSettings) { self.settings = settings }

  /// The six phases with their times and, when it is over, how it ended.
  public func text(
    of report: FlattenReport, snapshot: EngineSnapshot, instruments: [Instrument],
    at now: Timestamp
  ) -> String {
    let scene = Scene(
      snapshot: snapshot, book: InstrumentBook(instruments),
      person: Person(id: PersonID(0), name: "", role: .viewer, chat: .none, since: 0),
      now: now, words: .english, settings: settings, health: HealthFigures(), firing: 0,
      recent: [])
    let screen = FlattenScreen(report: report, scene: scene)
    guard report.endedAt != nil else { return screen.working.plainText }
    let isHalted = if case .kill = report.cause { true } else { false }
    return screen.working.plainText + "\n" + screen.final(isHalted: isHalted).plainText
  }
}
