import ArgumentParser
import Foundation

/// Where a bot is at home: its settings, its secrets, its log. The same for the bot and its guard.
struct BotPlace: ParsableArguments {
  @Option(help: "The folder of settings.")
  var config = "config"

  @Option(
    help: "A file of NAME=value lines with secrets, seen from here; it need not be there.")
  var env = ".env"

  @Option(help: "trace, debug, info, notice, warning, error: how much the log says.")
  var log: LogLevel = .info

  /// Reads both. What is wrong with either is told at once.
  /// - Throws: `SettingsLoader.Failure`.
  func load() throws -> (Settings, Secrets) { try Self.load(config: config, env: env) }

  static func load(config: String, env: String) throws -> (Settings, Secrets) {
    let environment = ProcessInfo.processInfo.environment
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
    guard let settings, let secrets else {
      throw SettingsLoader.Failure(problems: complaints.problems)
    }
    return (settings, secrets)
  }

  /// The command line that starts the bot at the same place.
  var runArguments: [String] {
    ["run", "--config", config, "--env", env, "--log", log.rawValue]
  }
}
