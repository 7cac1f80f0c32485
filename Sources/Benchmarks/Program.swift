import ArgumentParser

/// Measures the program on this machine, loopback only.
@main
struct Program: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Benchmarks",
    abstract: "Measures the hot paths beside floors of the same run. Loopback only.",
    discussion: """
      Without a word it measures everything and prints a table and one JSON line per figure.
      """,
    subcommands: [FiguresCommand.self],
    defaultSubcommand: FiguresCommand.self)
}
