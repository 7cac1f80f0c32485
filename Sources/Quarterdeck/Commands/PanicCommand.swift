import ArgumentParser
import Foundation
import Logging
import TradingModel

struct PanicCommand: AsyncParsableCommand {
  /// Besides 0: done, or nothing to do.
  enum Outcome {
    static let settingsAreWrong = ExitCode(2)
    static let notFlat = ExitCode(3)
    static let notConfirmed = ExitCode(4)
    /// Of `--status` alone.
    static let lockedAndFlat = ExitCode(5)
    static let noAnswer = ExitCode(6)
  }

  static let configuration = CommandConfiguration(
    commandName: "panic",
    abstract: "Cancels every order, closes every position, locks: with or without a running bot.",
    discussion: """
      A running bot is told over HTTP (config/panic.yaml) and does it. One that does not answer within
      5 seconds, and none at all, are done without: straight at the venue, by the same component.
      state/panic.lock then keeps every bot on that folder from entries until it is reset.

      Examples:
        quarterdeck panic                          asks once
        quarterdeck panic --yes --why "fire"       for scripts
        quarterdeck panic --status
        quarterdeck panic --reset                  lifts the lock when flat

      Exit codes: 0 flat (--status: no lock; --reset: lifted, or nothing was locked), 2 settings or
      secrets are wrong, 3 not flat, 4 not confirmed, 5 --status: locked and flat, 6 the running bot
      does not answer (--status, --reset), 64 wrong arguments.
      """)

  @Option(help: "The folder of settings.")
  var config = "config"

  @Option(
    help: "A file of NAME=value lines with secrets, seen from here; it need not be there.")
  var env = ".env"

  @Option(help: "Why, for the record and for those in the chat.")
  var why = ""

  @Flag(help: "Close the long-term symbols, too.")
  var includeLongterm = false

  @Flag(help: "Do not ask.")
  var yes = false

  @Flag(help: "Show the lock and the last report; change nothing.")
  var status = false

  @Flag(help: "Lift the lock, when nothing is left that had to be closed.")
  var reset = false

  @Option(help: "trace, debug, info, notice, warning, error: how much the log says.")
  var log: LogLevel = .error

  func validate() throws {
    if status, reset { throw ValidationError("--status or --reset, not both") }
    if status || reset, includeLongterm || !why.isEmpty {
      throw ValidationError("--why and --include-longterm belong to a panic alone")
    }
  }

  func run() async throws {
    Logs.start(at: log)
    var complaints = Complaints()
    let loaded = try complaints.attempt { try BotPlace.load(config: config, env: env) }
    guard let (read, secrets) = loaded else { throw complaints.told() }
    var settings = read
    do {
      settings.control = try secrets.filling(settings.control)
    } catch {
      // No reason not to close: the bot that runs has no such server either.
      settings.control.isOn = false
    }
    // Nobody is told here: the chat's token is not asked for.
    settings.chat = .terminal
    let opened = try complaints.attempt { [settings] in
      try Groundwork(
        settings: settings, secrets: secrets, clock: SystemClock(), chance: SystemRandom(),
        isStandIn: true)
    }
    guard let ground = opened else { throw complaints.told() }
    let desk = PanicDesk(ground: ground)
    let code: ExitCode
    if status {
      code = await desk.status()
    } else if reset {
      code = try await desk.reset()
    } else {
      try confirm(settings)
      code = try await desk.panic(why: why, includingLongTerm: includeLongterm)
    }
    if code != .success { throw code }
  }

  /// Asks once; a script has to say `--yes`.
  private func confirm(_ settings: Settings) throws {
    guard !yes else { return }
    guard isatty(STDIN_FILENO) != 0 else {
      Console.error("nobody can be asked here: say --yes")
      throw Outcome.notConfirmed
    }
    let kept = settings.longTerm.map(\.name).joined(separator: ", ")
    let longTerm =
      kept.isEmpty ? "" : includeLongterm ? " Closed, too: \(kept)." : " Left alone: \(kept)."
    Console.note(
      """
      This cancels every order and closes every position of the account, whoever opened them:
      \(settings.label) · \(settings.venue.title).\(longTerm) Then nothing is entered until it is reset.
      Type PANIC to do it:
      """)
    guard readLine()?.trimmingCharacters(in: .whitespaces) == "PANIC" else {
      Console.note("Nothing was done.")
      throw Outcome.notConfirmed
    }
  }
}
