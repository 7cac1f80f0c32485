import BotDays
import Foundation
import Synchronization

/// What all days came to.
final class Tally: Sendable {
  private struct Sums {
    var days = 0.0
    var marketEvents = 0
    var commands = 0
    var faults = 0
    var lives = 0
    var entries = 0
    var fills = 0
    var violations = 0
    var byKind: [Fault.Kind: Int] = [:]
  }

  private let sums = Mutex(Sums())
  private let goesOn: Bool

  init(goesOn: Bool) { self.goesOn = goesOn }

  var violations: Int { sums.withLock { $0.violations } }
  var isOver: Bool { !goesOn && violations > 0 }

  func add(_ report: DayReport) {
    let isFirst = sums.withLock { sums in
      sums.days += Double(report.simulated.components.seconds) / 86_400
      sums.marketEvents += report.marketEvents
      sums.commands += report.commands
      sums.faults += report.faultCount
      sums.lives += report.lives
      sums.entries += report.entries
      sums.fills += report.fills
      for (kind, count) in report.faults { sums.byKind[kind, default: 0] += count }
      if report.violation != nil { sums.violations += 1 }
      return sums.violations == 1
    }
    guard let violation = report.violation else { return }
    if goesOn {
      print(
        "seed \(report.seed) event \(violation.event) \(violation.time) \(violation.invariant): "
          + violation.facts)
    } else if isFirst {
      print(report.story)
    }
    fflush(nil)
  }

  func text(after seconds: Double) -> String {
    let sums = sums.withLock { $0 }
    let kinds = Fault.Kind.allCases.map { "\($0.rawValue) \(sums.byKind[$0] ?? 0)" }
    return """
      \(rounded(sums.days)) bot-days, \(sums.lives) lives, \(sums.marketEvents) market events, \
      \(sums.commands) commands, \(sums.faults) faults, \(sums.entries) entries, \
      \(sums.fills) fills
      faults: \(kinds.joined(separator: ", "))
      \(sums.violations) violations
      \(rounded(sums.days / seconds)) bot-days per second
      """
  }

  private func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
