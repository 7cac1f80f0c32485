import Engine
import EngineCore
import Logging
import TradingModel
import Transport

extension Bot {
  /// Streams, rules, clock and the flag file, until cancelled.
  func listenToTheVenues() async {
    await armAccount()
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
      if let paper = venue.paper, let books = venue.paperBooks {
        group.addTask {
          for await news in books.news.values {
            if let book = news.book {
              await paper.show(book, of: news.symbol)
            } else {
              await paper.forgetBook(of: news.symbol)
            }
          }
        }
      }
      if let paper = venue.paper {
        group.addTask { for await event in prices.values { await paper.take(event) } }
      }
      group.addTask {
        await ruleWatch.run { instruments in
          await venue.paper?.list(instruments)
          loop.post(.instruments(instruments))
        }
      }
      group.addTask { await followSymbols() }
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
  private func armAccount() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [arm = venue.arm] in await arm() }
      group.addTask { [clock] in
        do { try await clock.sleep(for: .seconds(3)) } catch { return }
      }
      await group.next()
      group.cancelAll()
    }
  }

  /// Prices are needed of what may be entered and of what is held.
  private func followSymbols() async {
    while !Task.isCancelled {
      let snapshot = await loop.snapshot()
      let onPaper = await venue.paper?.symbolsInUse ?? []
      venue.follow(snapshot.allowlist + snapshot.positions.map(\.position.symbol) + onPaper)
      do { try await clock.sleep(for: .seconds(1)) } catch { return }
    }
  }
}
