import Engine
import TradingModel

/// Carries what the venue's streams tell to the engine and, on paper, to the paper account.
struct VenueListening: Sendable {
  let venue: VenuePorts
  let loop: EngineLoop
  let clock: any WallClock

  /// Until cancelled.
  func run() async {
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
      group.addTask { await followSymbols() }
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
