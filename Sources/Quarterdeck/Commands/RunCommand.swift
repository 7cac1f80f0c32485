import ArgumentParser
import Foundation
import Logging

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs the bot: on paper with live prices, unless the settings say live.",
    discussion: """
      Settings come from the folder given by --config, secrets from the environment or from .env in
      the current folder. It runs until Ctrl-C or SIGTERM; stops stay on the venue.

      Exit codes: 0 stopped as asked, 1 could not go on, 2 settings or secrets are wrong.
      """)

  @Option(help: "The folder of settings.")
  var config = "config"

  @Option(
    help: "A file of NAME=value lines with secrets, seen from here; it need not be there.")
  var env = ".env"

  @Option(help: "trace, debug, info, notice, warning, error: how much the log says.")
  var log: LogLevel = .info

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    Logs.start(at: log)
    Interruptions.secondOneExits()
    var complaints = Complaints()
    let settings = try complaints.attempt {
      try SettingsLoader(
        folder: config, overrides: SettingsOverrides(environment: environment)
      ).load()
    }
    let secrets = try complaints.attempt {
      try Secrets(environment: environment, envFile: env)
    }
    for warning in secrets?.warnings ?? [] { Console.note("quarterdeck: \(warning)") }
    guard let settings, let secrets else { throw complaints.told() }
    let opened = try complaints.attempt {
      try Bot(
        settings: settings, secrets: secrets, clock: SystemClock(), chance: SystemRandom(),
        screen: .standard(environment: environment))
    }
    guard let bot = opened else { throw complaints.told() }
    Console.note("quarterdeck \(Version.text) · \(bot.settings.label) · Ctrl-C stops it")
    try await bot.run()
  }
}
