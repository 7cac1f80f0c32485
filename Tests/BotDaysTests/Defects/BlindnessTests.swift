import TestSupport
import Testing
import TradingModel

@testable import BotDays

/// What the bots before this one did while they could not see.
struct BlindnessTests {
  /// a1, b13: a failed reading was taken for an equity of zero, and that for a loss of 100 %.
  @Test func `an equity that can't be read fires no day stop and closes nothing`() throws {
    let scene = Scene()
    let held = try #require(scene.buys("BTCUSDT"))
    scene.venue.spells.isUnreadable = true
    scene.venue.cutStream(for: .seconds(60), isNoticed: false)
    scene.day.pass(.seconds(60))
    #expect(scene.locks.isEmpty)
    #expect(scene.position("BTCUSDT")?.quantity == held.quantity)
    if case .known? = scene.day.snapshot?.wallet {
      Issue.record("an account not read for a minute is shown as known")
    }
    scene.venue.spells.isUnreadable = false
    scene.day.pass(.seconds(30))
    guard case .known? = scene.day.snapshot?.wallet else {
      Issue.record("an account that is read again is still unknown")
      return
    }
    scene.holds()
  }

  /// a13: the checks let entries through when what they asked could not be answered.
  @Test func `nothing is entered while the account is unknown`() {
    let scene = Scene()
    scene.venue.spells.isUnreadable = true
    scene.venue.cutStream(for: .minutes(5), isNoticed: false)
    scene.day.pass(.seconds(30))
    #expect(scene.buys("BTCUSDT") == nil)
    #expect(scene.day.ledger.entryCount == 0)
    scene.holds()
  }

  /// a12, d6: an error of the venue wiped the state, and a position lost whoever minded it.
  @Test func `an error of the venue drops no position, over a restart too`() throws {
    let scene = Scene()
    _ = try #require(scene.buys("BTCUSDT"))
    scene.venue.spells.isInMaintenance = true
    scene.day.kill(startingAgainAfter: .seconds(2))
    scene.day.pass(.seconds(40))
    #expect(scene.day.store.trips.count { $0.closedAt == nil } == 1)
    scene.venue.spells.isInMaintenance = false
    scene.day.pass(.seconds(60))
    let view = try #require(scene.day.snapshot?.positions.first)
    #expect(view.owner == .engine(.liquidation))
    #expect(view.position.stop != nil)
    scene.holds()
  }

  /// a16: a position list asked for one coin only, or for configured symbols only.
  @Test func `every position of the account is seen, whoever opened it and whatever it is`() {
    let scene = Scene { $0.engine.allowlist = ["BTCUSDT"] }
    scene.day.openByHand("XRPUSDT", .short, share: .percent(5))
    scene.day.openByHand("ETHUSDT", .long, share: .percent(5))
    scene.day.pass(.seconds(10))
    #expect(
      scene.day.snapshot?.positions.map(\.position.symbol).sorted() == ["ETHUSDT", "XRPUSDT"])
    scene.holds()
  }

  /// d9: a position that stood in no file was ignored.
  @Test func `with the journal lost, an entry of ours is known by its id`() throws {
    let scene = Scene()
    _ = try #require(scene.buys("BTCUSDT"))
    scene.day.kill(losingJournal: true, startingAgainAfter: .seconds(2))
    scene.day.pass(.seconds(30))
    let view = try #require(scene.day.snapshot?.positions.first)
    #expect(view.owner == .engine(.liquidation))
    scene.holds()
  }
}
