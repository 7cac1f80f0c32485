import Engine
import EngineCore
import TradingModel
import Transport

extension Bot {
  /// Streams, rules, clock and the flag file, until cancelled.
  func listenToTheVenues() async {
    let prices = Mailbox<MarketEvent>(limit: 65_536)
    await withDiscardingTaskGroup { group in
      for stream in venue.streams {
        group.addTask {
          await stream.run { event in
            if venue.paper != nil, case .market(let event) = event { prices.put(event) }
            loop.publish(event)
          }
        }
      }
      if let paper = venue.paper {
        group.addTask { for await event in prices.values { await paper.take(event) } }
      }
      group.addTask { await refreshInstruments() }
      group.addTask { await followSymbols() }
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

  /// The venue's rules: as soon as they can be read, then every hour.
  private func refreshInstruments() async {
    var backoff = Backoff(.streams)
    let outage = Outage(of: "\(settings.venue.title)'s list of contracts", clock: clock, log: log)
    while !Task.isCancelled {
      var wait = Duration.hours(1)
      do {
        let instruments = try await venue.market.instruments()
        await venue.paper?.list(instruments)
        loop.post(.instruments(instruments))
        backoff.reset()
        outage.end()
      } catch {
        if Task.isCancelled { return }
        wait = backoff.next(by: SystemRandom())
        // An interface out of reach tells so itself.
        if case .unreachable = error {} else { outage.note("\(error)") }
      }
      do { try await clock.sleep(for: wait) } catch { return }
    }
  }

  /// Prices are needed of what may be entered and of what is held.
  private func followSymbols() async {
    while !Task.isCancelled {
      let snapshot = await loop.snapshot()
      venue.follow(snapshot.allowlist + snapshot.positions.map(\.position.symbol))
      do { try await clock.sleep(for: .seconds(1)) } catch { return }
    }
  }
}
