import ArgumentParser
import ControlServer
import Foundation
import Journal
import TradingModel
import Transport

/// What `quarterdeck panic` does: told to the running program when there is one that answers, done
/// straight at the venue when there is not.
struct PanicDesk {
  let ground: Groundwork
  private var settings: Settings { ground.settings }
  private var clock: any WallClock { ground.clock }

  private var files: StateFiles {
    StateFiles(settings.stateFilePaths, clock: clock, writer: "quarterdeck panic")
  }

  // MARK: Panic

  func panic(why: String, includingLongTerm: Bool) async throws -> ExitCode {
    let by = "command line (\(NSUserName()))"
    var folder: StateFolder?
    if case .held(let process) = StateFolder.holding(of: settings.stateFolder) {
      let name = process.map { "process \($0)" } ?? "a process"
      if settings.control.isOn,
        let code = await tell(process, why: why, includingLongTerm: includingLongTerm)
      {
        return code
      }
      guard settings.mode == .live else {
        Console.error(
          "a paper account lives in \(name) alone: end that one (kill -9 \(process ?? 0)), then "
            + "say it again")
        return PanicCommand.Outcome.notFlat
      }
      Console.note("closing directly at \(settings.venue.title), beside it")
    } else {
      Console.note(
        "no program runs on \(settings.stateFolder): closing directly at \(settings.venue.title)")
      // Held while it lasts, so that no bot starts into it.
      folder = takeFolder()
    }
    defer { folder?.release() }
    let end = try await closeDirectly(by: by, why: why, includingLongTerm: includingLongTerm)
    guard let report = end.report else { return PanicCommand.Outcome.notFlat }
    if folder != nil { await record(end.command, report) }
    return report.isFlat ? .success : PanicCommand.Outcome.notFlat
  }

  /// Tells the program that has the folder, and whoever takes it over meanwhile: the guard and the
  /// bot hand a flatten to each other, and a second command joins the first.
  /// - Returns: Nil when nobody can be counted on.
  private func tell(
    _ first: Int32?, why: String, includingLongTerm: Bool
  ) async -> ExitCode? {
    var process = first
    for _ in 0..<Self.mostHolders {
      let name = process.map { "process \($0)" } ?? "a process"
      let running = RunningProgram(control: settings.control, process: process, clock: clock)
      if process != first { await running.waitUntilItAnswers() }
      Console.note("\(name) runs on \(settings.stateFolder): telling it")
      switch await running.panic(who: NSUserName(), why: why, includingLongTerm: includingLongTerm)
      {
      case .ended(let isFlat, let text):
        Console.result(text)
        return isFlat ? .success : PanicCommand.Outcome.notFlat
      case .silent(let reason): Console.note("\(name) does not answer: \(reason)")
      }
      guard let next = await successor(of: process) else { return nil }
      process = next
    }
    return nil
  }

  private static let mostHolders = 3

  /// Who has the folder next, while it is being handed over.
  private func successor(of process: Int32?) async -> Int32? {
    let deadline = clock.now + StateFolder.patience
    while clock.now < deadline, !Task.isCancelled {
      if let next = StateFolder.liveHolder(in: settings.stateFolder)?.process, next != process {
        return next
      }
      guard StateFolder.isWanted(settings.stateFolder) else { return nil }
      do { try await clock.sleep(for: RunningProgram.pace) } catch { return nil }
    }
    return nil
  }

  private func closeDirectly(
    by: String, why: String, includingLongTerm: Bool
  ) async throws -> (command: OperatorCommand, report: FlattenReport?) {
    let closing = try direct(files: PanicFiles(files), journal: NoJournal())
    let command = OperatorCommand(
      id: CommandID(clock.now.nanoseconds / 1000),
      deed: includingLongTerm ? .panicWithLongterm : .panic,
      by: by, why: why, at: clock.now)
    let end = await closing.carryOut(command, locks: [])
    guard let report = end.report else {
      Console.error("the panic did not come to an end; look at the venue")
      return (command, nil)
    }
    // This process saw no day: its equity has no baseline.
    var snapshot = end.snapshot
    snapshot.day = nil
    Console.result(
      settings.plainReports.text(
        of: report, snapshot: snapshot, instruments: end.instruments, at: clock.now))
    return (command, report)
  }

  /// With the other commands, when there is a journal and nobody else writes it.
  private func record(_ command: OperatorCommand, _ report: FlattenReport) async {
    guard let journal = existingJournal() else { return }
    let log = JournalControlLog(log: journal, clock: clock)
    let given = ControlCommand(
      deed: command.deed, by: command.by, why: command.why, at: command.at)
    if let id = await log.begin(given) {
      await log.end(id, report.isFlat ? .done : .failed, detail: "done directly at the venue")
    }
    do { try journal.close() } catch {
      Console.note("the journal was not closed cleanly: \(error)")
    }
  }

  // MARK: Status

  func status() async -> ExitCode {
    if case .held(let process) = StateFolder.holding(of: settings.stateFolder) {
      let running = RunningProgram(control: settings.control, process: process, clock: clock)
      if settings.control.isOn, let status = await running.status() {
        Console.result(status.text)
        return Self.code(isLocked: status.isLocked, isFlat: status.isFlat)
      }
      Console.note("process \(process ?? 0) runs and does not answer; this is what the file says")
      guard await show() == nil else { return PanicCommand.Outcome.noAnswer }
      Console.result("no panic lock in \(settings.stateFolder)")
      return PanicCommand.Outcome.noAnswer
    }
    guard let file = await show() else {
      Console.result("no panic lock in \(settings.stateFolder), and no program runs on it")
      return .success
    }
    return Self.code(isLocked: true, isFlat: file.isFlat)
  }

  private func show() async -> PanicFile? {
    guard let file = await files.memory(at: clock.now).panicFile else { return nil }
    Console.result(
      "LOCKED since \(file.startedAt) \(file.reason) · \(file.isFlat ? "flat" : "not flat")")
    if let text = await files.panicLockText() { Console.result(text) }
    return file
  }

  private static func code(isLocked: Bool, isFlat: Bool) -> ExitCode {
    guard isLocked else { return .success }
    return isFlat ? PanicCommand.Outcome.lockedAndFlat : PanicCommand.Outcome.notFlat
  }

  // MARK: Reset

  func reset() async throws -> ExitCode {
    if case .held(let process) = StateFolder.holding(of: settings.stateFolder) {
      let running = RunningProgram(control: settings.control, process: process, clock: clock)
      guard settings.control.isOn, let answer = await running.reset(who: NSUserName()) else {
        Console.error("process \(process ?? 0) runs and does not answer: say /unlock in the chat")
        return PanicCommand.Outcome.noAnswer
      }
      Console.result(answer.text)
      return answer.isDone ? .success : PanicCommand.Outcome.notFlat
    }
    guard let folder = takeFolder() else { return PanicCommand.Outcome.noAnswer }
    defer { folder.release() }
    return try await resetAlone()
  }

  /// What a bot that starts would find locked, lifted when the venue reads back flat.
  private func resetAlone() async throws -> ExitCode {
    let now = clock.now
    let memory = await files.memory(at: now)
    let journal = existingJournal()
    var known: [Lock]?
    if let journal {
      do {
        known = try await journal.restored(at: now).locks
      } catch {
        Console.error("the journal can't be read (\(error)); its locks stay")
      }
    }
    let locks = Self.locks(in: memory, beside: known)
    let closing = try direct(
      files: PanicFiles(files), journal: journal.map { UnlockJournal($0) } ?? NoJournal())
    let command = OperatorCommand(
      id: CommandID(now.nanoseconds / 1000), deed: .unlock, by: "command line (\(NSUserName()))",
      at: now)
    let end = await closing.carryOut(command, locks: locks)
    do { try journal?.close() } catch {
      Console.note("the journal was not closed cleanly: \(error)")
    }
    switch end.stage {
    case .finished(.done):
      let left = end.snapshot.locks.map(\.kind).filter { $0 != .flagFile }
      let isFlagged = await files.readFlag().map { !$0.isOurs } ?? false
      Console.result(Self.unlockedText(left + (isFlagged ? [.flagFile] : [])))
    case .finished(.refused(.nothingToUnlock)): Console.result("nothing was locked")
    case .finished(.refused(.notFlat(let positions))):
      let list = positions.map { "\($0.position.symbol) \($0.position.quantity)" }
      Console.error("not unlocked, still open: \(list.joined(separator: ", "))")
      return PanicCommand.Outcome.notFlat
    case .finished(.refused(.accountUnknown(let why))):
      Console.error("not unlocked: the account could not be read: \(why)")
      return PanicCommand.Outcome.notFlat
    default:
      Console.error("not unlocked: no end was reached")
      return PanicCommand.Outcome.notFlat
    }
    return .success
  }

  // MARK: Pieces

  /// What the files remember, with what the journal's panic lock still has to close. They are read as
  /// flat here: a reset closes nothing, and the venue tells whether it may.
  ///
  /// - Parameter known: The journal's locks; nil where it tells none, so that the files must.
  static func locks(in memory: StateFileMemory, beside known: [Lock]?) -> [Lock] {
    var found = known ?? memory.locks
    if let day = memory.dayLock { found.append(day) }
    let panic = found.first { $0.kind == .panic }
    var takesLongterm = panic?.takesLongterm ?? false
    if let file = memory.panicFile {
      let isDone = file.isOurs && file.isFlat && file.startedAt >= panic?.since ?? file.startedAt
      takesLongterm = !isDone && (takesLongterm || file.takesLongterm)
    }
    for place in found.indices where found[place].kind != .halted { found[place].isFlat = true }
    guard panic != nil || memory.panicFile != nil else { return found }
    found.append(
      Lock(
        kind: .panic, reason: memory.panicFile?.reason ?? panic?.reason ?? "",
        since: memory.panicFile?.startedAt ?? panic?.since ?? Timestamp(nanoseconds: 0),
        takesLongterm: takesLongterm))
    return found
  }

  /// - Parameter left: The locks that stand all the same.
  static func unlockedText(_ left: [Lock.Kind]) -> String {
    let names = left.map { kind in
      switch kind {
      case .paused(nil): "paused"
      case .paused(let engine?): "\(engine.rawValue) paused"
      case .halted: "halted"
      case .day: "day lock"
      case .flagFile: "trading_disabled.flag"
      case .panic: "panic lock"
      }
    }
    return names.isEmpty
      ? "unlocked: entries are allowed again"
      : "unlocked; entries stay off: \(names.joined(separator: ", "))"
  }

  private func direct(
    files: PanicFiles, journal: any JournalWriter
  ) throws -> DirectClosing {
    do {
      return try DirectClosing(on: ground, files: files, journal: journal)
    } catch let problem as SettingsProblem {
      throw complain([problem])
    }
  }

  private func takeFolder() -> StateFolder? {
    do {
      return try StateFolder(
        path: settings.stateFolder, account: ground.account, at: clock.now)
    } catch {
      Console.note("\(error)")
      return nil
    }
  }

  /// Nil when there is none; a damaged one is left to the bot that owns it.
  private func existingJournal() -> Journal? {
    let path = "\(settings.stateFolder)/quarterdeck.sqlite"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      return try Journal(JournalSettings(path: path), clock: clock)
    } catch {
      Console.note("the journal can't be opened, so this is not written there: \(error)")
      return nil
    }
  }
}
