import Risk
import TestSupport
import Testing
import TradingModel

struct LockBookTests {
  private let midnight = Timestamp.noon.day.next.start

  @Test
  func `a day lock ends at the next 00:00 UTC, a panic lock never by itself`() {
    var book = LockBook([
      .day(reason: "daily stop", at: .noon), .panic(reason: "by Ana", at: .noon, isFlat: false),
    ])
    #expect(book.expire(at: midnight - .milliseconds(1)).isEmpty)
    #expect(book.expire(at: midnight) == [.day])
    #expect(book.expire(at: midnight + .hours(24 * 365)).isEmpty)
    #expect(book.locks.map(\.kind) == [.panic])
    #expect(book.strictest?.isFlat == false)
  }

  @Test
  func `the strictest lock is named first, and the next one once it is lifted`() {
    var book = LockBook()
    let kinds: [Lock.Kind] = [.paused(nil), .panic, .halted, .flagFile, .day]
    for kind in kinds { book.add(Lock(kind: kind, reason: "", since: .noon)) }
    var order: [Lock.Kind] = []
    while let lock = book.strictest {
      order.append(lock.kind)
      #expect(book.lift(lock.kind) == lock)
    }
    #expect(order == [.panic, .day, .flagFile, .halted, .paused(nil)])
    #expect(book.lift(.panic) == nil)
  }

  @Test
  func `locks are independent: lifting one leaves the others`() {
    var book = LockBook([
      Lock(kind: .halted, reason: "", since: .noon), .day(reason: "", at: .noon),
    ])
    book.lift(.day)
    #expect(book.forbidsEntries(of: .liquidation))
    book.lift(.halted)
    #expect(!book.forbidsEntries(of: .liquidation))
  }

  @Test
  func `a pause of one engine stops that engine alone`() {
    let book = LockBook([Lock(kind: .paused(.density), reason: "", since: .noon)])
    #expect(book.forbidsEntries(of: .density))
    #expect(!book.forbidsEntries(of: .liquidation))
    #expect(
      LockBook([Lock(kind: .paused(nil), reason: "", since: .noon)]).forbidsEntries(of: .density))
  }

  @Test
  func `a lock put there again takes the new end and keeps its beginning`() {
    var book = LockBook([Lock(kind: .paused(nil), reason: "first", since: .noon)])
    let later = Timestamp.noon + .minutes(5)
    book.add(Lock(kind: .paused(nil), reason: "second", since: later, until: later + .hours(1)))
    #expect(
      book.locks == [
        Lock(kind: .paused(nil), reason: "second", since: .noon, until: later + .hours(1))
      ])
    #expect(book.expire(at: later + .hours(1)) == [.paused(nil)])
  }
}

struct ThrottleTests {
  private let ada: Symbol = "ADAUSDT"
  private let settings: RiskSettings = {
    var settings = RiskSettings()
    settings.throttlePerAccount = Pace(3, per: .seconds(60))
    return settings
  }()

  @Test
  func `two entry orders of a symbol in 60 s are enough`() {
    var throttle = Throttle(settings: settings)
    throttle.noteOrder(ada, at: .noon)
    #expect(throttle.objections(to: ada, at: .noon).isEmpty)
    throttle.noteOrder(ada, at: .noon + .seconds(10))
    #expect(
      throttle.objections(to: ada, at: .noon + .milliseconds(59_999))
        == ["ADAUSDT: 2 entry orders in 60 s, at most 2"])
    #expect(throttle.objections(to: "BTCUSDT", at: .noon + .seconds(59)).isEmpty)
    #expect(throttle.objections(to: ada, at: .noon + .seconds(60)).isEmpty)
  }

  @Test
  func `the account has a pace of its own over all symbols`() {
    var throttle = Throttle(settings: settings)
    for symbol: Symbol in ["AUSDT", "BUSDT", "CUSDT"] { throttle.noteOrder(symbol, at: .noon) }
    #expect(
      throttle.objections(to: ada, at: .noon + .milliseconds(59_999))
        == ["account: 3 entry orders in 60 s, at most 3"])
    #expect(throttle.objections(to: ada, at: .noon + .seconds(60)).isEmpty)
  }

  @Test
  func `a symbol rests 60 s after an entry and longer after a loss`() {
    var throttle = Throttle(settings: settings)
    throttle.noteEntry(ada, at: .noon)
    #expect(
      throttle.objections(to: ada, at: .noon + .milliseconds(59_999))
        == ["cooldown after an entry: 1 s left of 60"])
    #expect(throttle.objections(to: ada, at: .noon + .seconds(60)).isEmpty)

    throttle.noteLoss(ada, at: .noon)
    #expect(
      throttle.objections(to: ada, at: .noon + .seconds(299))
        == ["cooldown after a loss: 1 s left of 300"])
    #expect(throttle.objections(to: ada, at: .noon + .seconds(300)).isEmpty)
    #expect(throttle.objections(to: "BTCUSDT", at: .noon).isEmpty)
  }

  @Test
  func `three failed entries in a row rest a symbol, an entry between forgets them`() {
    var throttle = Throttle(settings: settings)
    for _ in 0..<2 { throttle.noteFailure(ada, at: .noon) }
    throttle.noteEntry(ada, at: .noon)
    let later = Timestamp.noon + .seconds(60)
    for _ in 0..<2 { throttle.noteFailure(ada, at: later) }
    #expect(throttle.objections(to: ada, at: later).isEmpty)
    throttle.noteFailure(ada, at: later)
    #expect(
      throttle.objections(to: ada, at: later + .milliseconds(59_999))
        == ["cooldown after 3 failed entries in a row: 1 s left of 60"])
    #expect(throttle.objections(to: ada, at: later + .seconds(60)).isEmpty)
  }
}

struct HandledSignalsTests {
  @Test
  func `a signal is remembered, restored ones too, until thousands came after it`() {
    func id(_ number: Int) -> SignalID { SignalID("s\(number)") }
    var handled = HandledSignals([id(0), id(1)])
    handled.insert(id(0))
    for number in 2..<HandledSignals.capacity { handled.insert(id(number)) }
    #expect(handled.contains(id(0)))
    #expect(!handled.contains(id(HandledSignals.capacity)))

    handled.insert(id(HandledSignals.capacity))
    #expect(!handled.contains(id(0)))
    #expect(handled.contains(id(1)))
    handled.insert(id(HandledSignals.capacity + 1))
    #expect(!handled.contains(id(1)))
    #expect(handled.contains(id(HandledSignals.capacity)))
  }
}
