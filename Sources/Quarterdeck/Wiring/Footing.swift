import Logging
import TradingModel

/// What a main process stands on: its state folder and its journal.
///
/// Where they can't be written and real positions may be open, it stands in memory: they are looked
/// after and can be closed, and nothing is entered. With nothing open a person mends it first.
struct Footing {
  let folder: StateFolder
  let journal: JournalOpening

  /// - Parameter isAsking: Told once, when the guard is asked for the folder.
  /// - Throws: `SettingsProblem` for what a person must mend.
  static func find(
    for ground: Groundwork, isAsking: () -> Void
  ) async throws(SettingsProblem) -> Footing {
    let path = ground.settings.stateFolder
    let folder: StateFolder
    let spoilt = ground.settings.mode == .live ? StateFolder.problem(with: path) : nil
    if let problem = spoilt {
      try await insist(on: ground, despite: problem)
      folder = try StateFolder.inMemory(path, account: ground.account, at: ground.clock.now)
    } else {
      folder = try await StateFolder.take(
        path, account: ground.account, clock: ground.clock, isAsking: isAsking)
    }
    return Footing(folder: folder, journal: try await journal(for: ground, because: spoilt))
  }

  /// - Parameter spoilt: Why it must be in memory, where that is known already.
  private static func journal(
    for ground: Groundwork, because spoilt: SettingsProblem?
  ) async throws(SettingsProblem) -> JournalOpening {
    let settings = ground.settings
    let refusal: JournalOpening.Refusal
    do throws(JournalOpening.Refusal) {
      return try JournalOpening(
        in: settings.stateFolder, isProtecting: settings.mode == .live, clock: ground.clock)
    } catch {
      refusal = error
    }
    guard refusal.isFirst else { throw refusal.problem }
    if spoilt == nil { try await insist(on: ground, despite: refusal.problem) }
    return try JournalOpening(
      beginningInMemory: (spoilt ?? refusal.problem).text, clock: ground.clock)
  }

  /// - Throws: `SettingsProblem` when nothing is open that would have to be looked after. What can't
  ///   be read may be open.
  private static func insist(
    on ground: Groundwork, despite problem: SettingsProblem
  ) async throws(SettingsProblem) {
    let log = Logger(label: "quarterdeck")
    let what: String
    switch await ground.openPositions() {
    case .known(0, _):
      throw SettingsProblem(
        place: problem.place,
        text:
          "\(problem.text). Nothing is open on the account, so nothing was started: state.folder "
          + "must be a folder that this user can write, on a disk with room")
    case .known(let count, _): what = "\(count) open"
    case .unknown(_, let why): what = "unknown: \(why)"
    }
    log.critical(
      "the state folder can't be written: positions are looked after from memory, nothing is entered",
      metadata: ["why": "\(problem.text)", "positions": "\(what)"])
  }
}
