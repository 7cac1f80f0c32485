import Testing
import TradingModel

@testable import Quarterdeck

struct GuardJudgeTests {
  private var judge = GuardJudge(hangLimit: .seconds(30))

  private func holder(
    _ process: Int32 = 7, role: StateFolder.Role = .main, hasStopped: Bool? = nil
  ) -> StateFolder.Holder {
    StateFolder.Holder(
      account: "live bybit mainnet", process: process, role: role, since: 1,
      bootNanoseconds: 100, hasStopped: hasStopped)
  }

  private func sight(
    _ holder: StateFolder.Holder?, isHeld: Bool, isWanted: Bool = false, mark: UInt64? = nil
  ) -> GuardJudge.Sight {
    GuardJudge.Sight(
      holder: holder, isHeld: isHeld, isWanted: isWanted, mark: mark.map(Heartbeat.Mark.init))
  }

  @Test mutating func `a bot that dies before its eyes is stood in for at once`() {
    #expect(judge.look(sight(holder(), isHeld: true), at: .zero) == .wait)
    #expect(judge.look(sight(holder(), isHeld: false), at: .seconds(1)) == .take(.died))
  }

  @Test(arguments: [(true, MainEnding.stopped), (nil, .notStarted)] as [(Bool?, MainEnding)])
  mutating func `one that was stopped, or was never seen, has 15 s to come`(
    hasStopped: Bool?, ending: MainEnding
  ) {
    let gone = sight(holder(hasStopped: hasStopped), isHeld: false)
    #expect(judge.look(gone, at: .seconds(100)) == .wait)
    #expect(judge.look(gone, at: .milliseconds(114_999)) == .wait)
    #expect(judge.look(gone, at: .seconds(115)) == .take(ending))
  }

  @Test mutating func `one that comes back in time ends the wait`() {
    let gone = sight(holder(hasStopped: true), isHeld: false)
    #expect(judge.look(gone, at: .zero) == .wait)
    #expect(judge.look(sight(holder(8), isHeld: true), at: .seconds(14)) == .wait)
    let again = sight(holder(8, hasStopped: true), isHeld: false)
    #expect(judge.look(again, at: .seconds(20)) == .wait)
  }

  @Test mutating func `where no bot ever was there is nothing to guard`() {
    for second in 0..<100 {
      #expect(judge.look(sight(nil, isHeld: false), at: .seconds(second)) == .wait)
    }
  }

  @Test mutating func `while a bot asks for the folder nobody takes it from under its hands`() {
    _ = judge.look(sight(holder(), isHeld: true), at: .zero)
    let free = sight(holder(), isHeld: false, isWanted: true)
    #expect(judge.look(free, at: .seconds(1)) == .wait)
  }

  @Test mutating func `a bot that hangs is ended, and then stood in for`() {
    for second in 0..<30 {
      let alive = sight(holder(), isHeld: true, mark: 200)
      #expect(judge.look(alive, at: .seconds(second)) == .wait)
    }
    let hanging = sight(holder(), isHeld: true, mark: 200)
    #expect(
      judge.look(hanging, at: .seconds(30)) == .end(process: 7, silentFor: .seconds(30)))
    #expect(
      judge.look(sight(holder(), isHeld: false), at: .seconds(31))
        == .take(.hung(silentFor: .seconds(30))))
  }

  @Test mutating func `a beat of the bot before says nothing of this one`() {
    for second in 0..<60 {
      let fresh = sight(holder(), isHeld: true, mark: 60)
      #expect(judge.look(fresh, at: .seconds(second)) == .wait)
    }
  }

  @Test mutating func `after giving the folder back it waits for whoever asked`() {
    let mine = sight(holder(9, role: .standIn, hasStopped: true), isHeld: false)
    #expect(judge.look(mine, at: .zero) == .wait)
    #expect(judge.look(mine, at: .seconds(14)) == .wait)
    #expect(judge.look(mine, at: .seconds(15)) == .take(.stopped))
  }
}
