import Chat
import TradingModel

/// The life of every command in the journal.
struct CommandsEndOnce: Invariant {
  static let name = "commands-end-once"
  static let sentence =
    "A command has exactly one end, is carried out once, and ends within minutes while the bot is "
    + "undisturbed."

  private static let patience = Duration.minutes(6)
  private var ended: [Int64: CommandStage] = [:]
  private var open: [Int64: Timestamp] = [:]
  private var submitted: Set<CommandID> = []
  private var finished: Set<CommandID> = []

  init(_ plan: DayPlan) {}

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .started:
      submitted = []
      finished = []
    case .killed(losingJournal: true):
      ended = [:]
      open = [:]
    case .command(let row):
      if let end = ended[row.number] {
        return "command \(row.number) /\(row.name) goes to \(row.stage.rawValue) after its end, "
          + end.rawValue
      }
      if row.stage.isEnd {
        ended[row.number] = row.stage
        open[row.number] = nil
      } else {
        open[row.number] = open[row.number] ?? day.now
      }
    case .submitted(let command):
      guard submitted.insert(command.id).inserted else {
        return "command \(command.id) is handed to the engine twice"
      }
    case .progress(let step):
      guard case .finished(let outcome) = step.stage else { return nil }
      // It ends with the flatten that it joined.
      if case .joined = outcome { return nil }
      guard finished.insert(step.id).inserted else {
        return "command \(step.id) finishes twice"
      }
    default: break
    }
    return nil
  }

  mutating func rest(in day: BotDay) -> String? {
    guard !day.phone.isDown, day.now - day.phone.troubledAt > .seconds(60) else { return nil }
    for number in open.keys.sorted() {
      guard let since = open[number], day.now - since > Self.patience,
        day.now - day.lifeStartedAt > Self.patience
      else { continue }
      let row = day.store.commands.first { $0.number == number }
      return "command \(number) /\(row?.name ?? "") stands at \(row?.stage.rawValue ?? "nothing") "
        + "since \(since.clockText)"
    }
    return nil
  }
}
