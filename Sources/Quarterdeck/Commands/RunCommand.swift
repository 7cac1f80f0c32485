import ArgumentParser
import Foundation
import Logging

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs the bot: on paper with live prices, unless the settings say live.",
    discussion: """
      Settings come from the folder given by --config, secrets from the environment or from .env in
      the current folder. It runs until Ctrl-C or SIGTERM; stops stay on the venue. Where the guard
      has the chat, it is asked for it first, which takes up to 15 s.

      Where the state folder can't be written and positions are open, they are looked after from
      memory, and nothing is entered.

      Exit codes: 0 stopped as asked, 1 could not go on, 2 settings or secrets are wrong, or the
      state folder can't be written and nothing is open.
      """)

  @OptionGroup var place: BotPlace

  /// The guard's supervisor says so, and the bot comes up paused.
  @Option(help: .hidden)
  var loopingStarts: Int?

  func run() async throws {
    Logs.start(at: place.log)
    Interruptions.secondOneExits()
    let clock = SystemClock()
    let log = Logger(label: "quarterdeck")
    var complaints = Complaints()
    let loaded = try complaints.attempt {
      var (settings, secrets) = try place.load()
      settings.control = try secrets.filling(settings.control)
      return try Groundwork(
        settings: settings, secrets: secrets, clock: clock, chance: SystemRandom())
    }
    guard let ground = loaded else { throw complaints.told() }
    let settings = ground.settings
    let footing: Footing
    do {
      footing = try await Footing.find(
        for: ground, isAsking: { log.notice("the guard has the chat and is asked for it") })
    } catch {
      throw complain([error])
    }
    let watch =
      settings.expectsGuard
      ? GuardWatch(
        folder: settings.stateFolder, patience: settings.guardian.absenceLimit, clock: clock) : nil
    let opened = try complaints.attempt {
      try Bot(
        on: ground, holding: footing.folder,
        as: .main(guardWatch: watch, loopingStarts: loopingStarts), journal: footing.journal,
        screen: .standard(environment: ProcessInfo.processInfo.environment))
    }
    guard let bot = opened else { throw complaints.told() }
    Console.note("quarterdeck \(Version.text) · \(settings.label) · Ctrl-C stops it")
    try await bot.run(control: bot.controlRoom)
  }
}
