import ArgumentParser
import Foundation
import Logging
import UnixSignals

struct GuardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guard",
    abstract: "Waits beside the bot, and takes the chat when it dies or hangs.",
    discussion: """
      A second process on the same settings and state folder. When the bot's process ends or its
      engine is silent for 30 s, the guard tells the owner and answers /status, /positions, /close,
      /kill, /panic, /health and /help, straight from the venue, until the bot is back; so it does
      over HTTP, on the bot's port. It opens nothing. One guard a folder.

      Examples:
        quarterdeck guard                  beside a bot that somebody else starts
        quarterdeck guard --supervise      starts the bot, too, and again when it ends

      Exit codes: 0 stopped as asked, 1 could not go on, 2 settings or secrets are wrong.
      """)

  @OptionGroup var place: BotPlace

  @Flag(help: "Start the bot, and start it again when it ends; as guard.supervise in the settings.")
  var supervise = false

  func run() async throws {
    Logs.start(at: place.log)
    Interruptions.secondOneExits()
    let clock = SystemClock()
    var complaints = Complaints()
    let opened = try complaints.attempt {
      try GuardKit { [place] in
        var (settings, secrets) = try place.load()
        settings.control = try secrets.filling(settings.control)
        guard settings.chat == .telegram else {
          throw SettingsProblem(
            place: "chat.kind", text: "a guard needs telegram: a console has one program on it")
        }
        return try Groundwork(
          settings: settings, secrets: secrets, clock: clock, chance: SystemRandom(),
          isStandIn: true)
      }
    }
    guard let kit = opened else { throw complaints.told() }
    let settings = kit.ground.settings
    if let owner = StateFolder.holder(in: settings.stateFolder)?.owner,
      let refusal = kit.ground.account.refusal(of: owner, in: settings.stateFolder)
    {
      throw complain([refusal])
    }
    let post: GuardPost
    do {
      post = try await GuardPost(in: settings.stateFolder, clock: clock)
    } catch {
      throw complain([error])
    }
    let supervisor =
      supervise || settings.guardian.supervises
      ? Supervisor(folder: settings.stateFolder, arguments: place.runArguments, clock: clock) : nil
    let duty = GuardDuty(
      kit: kit, post: post, folder: settings.stateFolder, supervisor: supervisor, clock: clock)
    Console.note("quarterdeck \(Version.text) · guard · \(settings.label) · Ctrl-C stops it")
    let stop = StopRequest()
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    await withDiscardingTaskGroup { group in
      group.addTask { for await _ in signals { stop.make() } }
      await duty.run(until: stop)
      group.cancelAll()
    }
  }
}
