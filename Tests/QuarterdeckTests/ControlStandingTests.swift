import TestSupport
import Testing
import TradingModel

@testable import Quarterdeck

/// How the control server stands, for the screens and for alerts.
struct ControlStandingTests {
  private let place = "127.0.0.1:8787"
  private let taken = "the address is in use"

  @Test func `it is absent until it listens, and ready as long as it answers`() {
    var standing = ControlStanding(since: .noon)
    #expect(standing.sight(at: .noon + .seconds(3)) == .absent(.seconds(3)))
    #expect(standing.listens(on: place, at: .noon + .seconds(4)) == nil)
    #expect(standing.sight(at: .noon + .seconds(34)) == .ready)
    #expect(standing.sight(at: .noon + .seconds(35)) == .stale(.seconds(31)))
    standing.answered(at: .noon + .seconds(35))
    #expect(standing.sight(at: .noon + .seconds(65)) == .ready)
  }

  @Test func `a port that is taken is told once, stands on the screens, and its end is told`() {
    var standing = ControlStanding(since: .noon)
    #expect(
      standing.failed(on: place, taken, at: .noon + .seconds(1))
        == .controlAbsent(place: place, why: taken))
    #expect(standing.failed(on: place, taken, at: .noon + .seconds(6)) == nil)
    // An answer of whoever has the port is none of ours.
    standing.answered(at: .noon + .minutes(3))
    #expect(standing.sight(at: .noon + .minutes(3)) == .absent(.minutes(3)))
    #expect(
      standing.listens(on: place, at: .noon + .minutes(4))
        == .controlReady(place: place, after: .minutes(4)))
    #expect(standing.sight(at: .noon + .minutes(4)) == .ready)
    #expect(standing.listens(on: place, at: .noon + .minutes(5)) == nil)
  }

  @Test func `one that stops listening is absent from then on`() {
    var standing = ControlStanding(since: .noon)
    _ = standing.listens(on: place, at: .noon)
    let end = Timestamp.noon + .minutes(10)
    #expect(
      standing.failed(on: place, "it ended by itself", at: end)
        == .controlAbsent(place: place, why: "it ended by itself"))
    #expect(standing.sight(at: end + .seconds(5)) == .absent(.seconds(5)))
  }

  @Test func `where there is none nothing is shown, and what is told reaches the mailbox`() async {
    let alarms = Mailbox<Alert>()
    let clock = ManualClock()
    let watch = ControlWatch(clock: clock, alarms: alarms)
    #expect(watch.sight == nil)
    watch.begin()
    clock.advance(by: .seconds(2))
    #expect(watch.sight == .absent(.seconds(2)))
    watch.failed(on: place, taken)
    var told = alarms.values.makeAsyncIterator()
    #expect(await told.next()?.severity == .p1)
    watch.listens(on: place)
    #expect(await told.next()?.news == .controlReady(place: place, after: .seconds(2)))
    #expect(watch.sight == .ready)
  }
}
