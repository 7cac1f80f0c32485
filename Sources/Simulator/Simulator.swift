import ArgumentParser
import BotDays
import Foundation

/// Plays simulated days of the bot until time is up or something is violated.
@main
struct Simulator: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Plays days of the whole bot in virtual time, with every fault, and checks invariants.",
    discussion: """
      Without --seed it plays a fixed set of seeds first, then fresh ones, until the seconds or the \
      days are up. It ends with 1 at the first violation, and says how to see that again.
      """)

  @Option(help: "Play for so many seconds.") var seconds: Int?
  @Option(help: "Play so many days.") var days: Int?
  @Option(help: "Play this one seed.") var seed: UInt64?
  @Option(help: "Begin with this seed, and go on with those after it.") var from: UInt64?
  @Option(help: "With --seed: end after so many events of the world.") var until: Int?
  @Option(help: "How long a day is, in hours.") var hours = 24
  @Option(help: "How many days are played at once.") var cores = ProcessInfo.processInfo
    .activeProcessorCount
  @Flag(help: "Go on after a violation, and tell each in one line.") var all = false

  func validate() throws {
    guard hours >= 1, cores >= 1 else { throw ValidationError("--hours and --cores: 1 or more") }
  }

  func run() throws {
    if let seed {
      let report = BotDay(DayPlan(seed: seed, length: .seconds(hours * 3600)))
        .run(until: until ?? .max)
      print(report.story)
      print(report.summary)
      if report.violation != nil { throw ExitCode.failure }
      return
    }
    let seeds = SeedLine(from: from, days: days, seconds: seconds ?? (days == nil ? 60 : nil))
    let tally = Tally(goesOn: all)
    let start = Date()
    let workers = (0..<cores).map { _ in
      Worker {
        while let seed = seeds.next(), !tally.isOver {
          tally.add(BotDay(DayPlan(seed: seed, length: .seconds(hours * 3600))).run())
        }
      }
    }
    for worker in workers { worker.start() }
    for worker in workers { worker.wait() }
    print(tally.text(after: Date().timeIntervalSince(start)))
    if tally.violations > 0 { throw ExitCode.failure }
  }
}
