import Chat
import TestSupport
import Testing
import TradingModel

@testable import BotDays

/// What went wrong with the limits of the day.
struct DayLimitTests {
  /// Ten minutes to midnight, and three times the balance in ETH.
  private func loses() -> Scene {
    let scene = Scene {
      $0.start = UTCDay(year: 2026, month: 11, day: 20).start + .hours(23) + .minutes(50)
    }
    scene.day.openByHand("ETHUSDT", .long, share: .percent(300))
    scene.day.pass(.seconds(20))
    scene.venue.jump("ETHUSDT", by: .percent(-3))
    scene.day.pass(.seconds(30))
    return scene
  }

  /// c4, d21: the loss of the day was watched and never acted on.
  @Test func `at the day's stop everything is closed and the day is locked`() {
    let scene = loses()
    #expect(scene.positions.isEmpty)
    #expect(scene.locks == [.day])
    scene.holds()
  }

  /// a7: the lock and its flag were never taken away, and the bot stood idle for ever.
  @Test func `the day's lock and its flag are gone at the next UTC day`() {
    let scene = loses()
    #expect(scene.day.store.dayLockFile != nil)
    scene.day.pass(.minutes(10))
    #expect(scene.locks.isEmpty)
    #expect(scene.day.store.dayLockFile == nil)
    #expect(scene.day.snapshot?.state == .running)
    scene.holds()
  }

  /// Not so the lock of a panic.
  @Test func `a panic lock outlasts midnight`() {
    let scene = Scene {
      $0.start = UTCDay(year: 2026, month: 11, day: 20).start + .hours(23) + .minutes(50)
    }
    scene.say("/panic", tap: "Panic")
    scene.day.pass(.minutes(12))
    #expect(scene.locks == [.panic])
    scene.holds()
  }

  /// a8: without a mark that it had stopped, the day was stopped again four times a second.
  @Test func `the day stops once, and is told once, over a restart too`() {
    let scene = loses()
    scene.day.kill(startingAgainAfter: .seconds(2))
    scene.day.pass(.seconds(60))
    let told = scene.day.phone.messages.filter {
      $0.key.chat == SimulatedPhone.ana.chat && $0.value.plainText.contains("DAILY STOP")
    }
    #expect(told.count == 1)
    #expect(scene.day.store.baseline(of: scene.day.now.day)?.hasStopped == true)
    scene.holds()
  }

  /// b22: a balance that was written into the program. And: money that came in was profit.
  @Test(arguments: [Int64(5000), -3000])
  func `money that comes in or goes out is neither profit nor loss`(usdt: Int64) throws {
    let scene = Scene()
    scene.day.transfer(.usdt(usdt))
    scene.day.pass(.minutes(3))
    #expect(scene.locks.isEmpty)
    let result = try #require(scene.day.snapshot?.day?.result)
    #expect(result.magnitude < .basisPoints(5))
    scene.holds()
  }
}
