import ArgumentParser

/// Measures the program on this machine, loopback only.
@main
struct Program: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Benchmarks",
    abstract: "Measures the hot paths beside floors of the same run. Loopback only.",
    discussion: """
      Without a word it measures everything of its own and prints a table and one JSON line per
      figure. `w3` and `w4` plug into a kit that measures other programs with the same input: \
      see docs/performance.md.
      """,
    subcommands: [FiguresCommand.self, SignalToOrderCommand.self, FlattenCommand.self],
    defaultSubcommand: FiguresCommand.self)
}
