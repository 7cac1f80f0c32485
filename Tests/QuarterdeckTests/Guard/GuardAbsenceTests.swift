import Testing
import TradingModel

@testable import Quarterdeck

struct GuardAbsenceTests {
  private var absence = GuardAbsence(since: .zero, patience: .seconds(60))

  private mutating func look(_ isThere: Bool, _ mark: UInt64?, at second: Int) -> Alert.News? {
    absence.look(isThere: isThere, mark: mark.map(Heartbeat.Mark.init), at: .seconds(second))
  }

  @Test mutating func `a guard that is not there for a minute is told once, and its return`() {
    #expect(look(false, nil, at: 1) == nil)
    #expect(absence.sight == .absent(.seconds(1)))
    #expect(look(false, nil, at: 59) == nil)
    #expect(look(false, nil, at: 60) == .guardAbsent(for: .seconds(60)))
    #expect(look(false, nil, at: 61) == nil)
    #expect(look(true, 2, at: 90) == .guardReady(after: .seconds(90)))
    #expect(absence.sight == .ready)
    #expect(look(true, 4, at: 91) == nil)
  }

  @Test mutating func `a short absence is no news`() {
    #expect(look(true, 2, at: 0) == nil)
    #expect(look(false, 2, at: 10) == nil)
    #expect(look(true, 4, at: 69) == nil)
  }

  @Test mutating func `one that does not move is stale after half a minute, and told as absent`() {
    #expect(look(true, 2, at: 0) == nil)
    for second in 1..<30 { _ = look(true, 2, at: second) }
    #expect(absence.sight == .ready)
    _ = look(true, 2, at: 30)
    #expect(absence.sight == .stale(.seconds(30)))
    var told: [Alert.News] = []
    for second in 31..<200 { if let news = look(true, 2, at: second) { told.append(news) } }
    #expect(told == [.guardAbsent(for: .seconds(60))])
  }
}
