import ArgumentParser
import Foundation
import Logging

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs the bot: on paper with live prices, unless the settings say live.",
    discussion: """
      Settings come from the folder given by --config, secrets from the environment or from .env. It
      runs until Ctrl-C or SIGTERM; stops stay on the venue.

      Exit codes: 0 stopped as asked, 1 could not go on, 2 settings or secrets are wrong.
      """)

  @Option(help: "The folder of settings.")
  var config = "config"

  @Option(help: "A file of NAME=value lines with secrets; it need not be there.")
  var env = ".env"

  @Option(help: "trace, debug, info, notice, warning, error: how much the log says.")
  var log: LogLevel = .info

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    Logs.start(at: log)
    Interruptions.secondOneExits()
    let bot: Bot
    do {
      let settings = try SettingsLoader(
        folder: config, overrides: SettingsOverrides(environment: environment)
      ).load()
      let secrets = try Secrets(environment: environment, envFile: env)
      for warning in secrets.warnings { Console.note("quarterdeck: \(warning)") }
      bot = try Bot(
        settings: settings, secrets: secrets, clock: SystemClock(), chance: SystemRandom(),
        screen: .standard(environment: environment))
    } catch let failure as SettingsLoader.Failure {
      throw complain(failure.problems)
    } catch let problem as SettingsProblem {
      throw complain([problem])
    }
    Console.note("quarterdeck \(Version.text) · \(bot.settings.label) · Ctrl-C stops it")
    try await bot.run()
  }
}
