import Logging
import TradingModel
import Transport

/// Says in the log, once an hour at most, how many amounts of the venues were rounded since the start.
struct RoundingReport {
  let clock: any WallClock
  let log: Logger

  func run() async {
    var said = 0
    while !Task.isCancelled {
      let count = RoundedAmounts.count
      if count > said {
        log.notice(
          "amounts with more than eight decimals were rounded half-even",
          metadata: ["since the start": "\(count)"])
        said = count
      }
      do { try await clock.sleep(for: .minutes(60)) } catch { return }
    }
  }
}
