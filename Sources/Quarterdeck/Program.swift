import ArgumentParser

/// The program: one word a way of running it.
@main
struct Program: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quarterdeck",
    abstract: "A trading bot steered from the phone.",
    discussion: """
      Examples:
        quarterdeck demo                          a whole bot on this machine, nothing needed
        quarterdeck run                           paper trading on live prices, chat on Telegram
        quarterdeck guard                         waits beside it, and takes the chat when it dies
        quarterdeck panic                         cancel, close and lock, with or without a bot
        quarterdeck replay liquidations.csv.gz    the same code on a recording
      """,
    version: Version.text,
    subcommands: [
      RunCommand.self, GuardCommand.self, PanicCommand.self, DemoCommand.self,
      ReplayCommand.self, SimulateCommand.self,
    ])
}

enum Version {
  static let text = "0.1.0"
}

/// What went wrong with what the person gave us: settings, secrets, files. Exit code 2.
func complain(_ problems: [SettingsProblem]) -> ExitCode {
  for problem in problems { Console.error("\(problem)") }
  return ExitCode(2)
}
