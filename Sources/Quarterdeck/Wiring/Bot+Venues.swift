import Engine
import EngineCore
import Logging
import TradingModel

extension Bot {
  /// Streams, rules, clock and the files of other programs, until cancelled.
  func listenToTheVenues() async {
    await armAccount()
    await withDiscardingTaskGroup { group in
      group.addTask { await VenueListening(venue: venue, loop: loop, clock: clock).run() }
      group.addTask {
        await ruleWatch.run { instruments in
          await venue.paper?.list(instruments)
          loop.post(.instruments(instruments))
        }
      }
      if let paper = venue.paper, let read = venue.paperTiers {
        let watch = PaperTierWatch(paper: paper, read: read, clock: clock)
        group.addTask { await watch.run() }
      }
      group.addTask { await RoundingReport(clock: clock, log: Logger(label: "amounts")).run() }
      group.addTask {
        await clockWatch.run { event in
          if case .clockSkew(let skew) = event { vitals.note(clockSkew: skew) }
          loop.post(event)
        }
      }
      group.addTask {
        await FlagFileWatch(store: stateFiles, clock: clock).run(post: loop.post)
      }
    }
  }

  /// Waited for, but not long: what listens to the account must know by its login.
  private func armAccount() async { await briefly(venue.arm) }

  /// - Returns: Nil when it took longer than three seconds.
  @discardableResult
  func briefly<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
      group.addTask { await work() }
      group.addTask { [clock] in
        do { try await clock.sleep(for: .seconds(3)) } catch {}
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
  }
}
