import Testing
import TradingModel

extension EndToEnd {
  /// The process is killed again and again while it trades and obeys; what comes after has lost
  /// nothing and does nothing twice.
  struct CrashRoundTests {
    @Test(.enabled(if: CrashPlan.asked == nil))
    func `killed at some moments, it does nothing twice and loses nothing`() async throws {
      try await CrashPlan(rounds: 4, seed: 1).play()
    }
  }
}

/// As many deaths as `make crash` asks for.
@Suite(.enabled(if: CrashPlan.asked != nil), .timeLimit(.minutes(60)))
struct ManyCrashesTests {
  @Test func `killed at any moment, it does nothing twice and loses nothing`() async throws {
    try await CrashPlan.asked?.play { print($0) }
  }
}

extension CrashPlan {
  /// - Parameter say: Told of each round, and of the figures of all at the end.
  func play(say: (String) -> Void = { _ in }) async throws {
    try await Stage.play { stage in
      let rig = try await CrashRig(stage)
      let market = Task { try await CrashRig.moveMarket(of: stage, seed: seed) }
      defer { market.cancel() }
      for moment in moments {
        do {
          let begun = rig.clock.now
          try await rig.play(moment)
          say("✓ \(moment) · \((rig.clock.now - begun).wholeMilliseconds) ms")
        } catch {
          throw CrashReport(plan: self, moment: moment, what: "\(error)")
        }
      }
      try await rig.end()
      say("seed \(seed): killed \(rig.kills) times, \(await rig.summary())")
    }
  }
}

/// A round that failed: what to play again. Its folder stays.
struct CrashReport: Error, CustomStringConvertible {
  let plan: CrashPlan
  let moment: CrashMoment
  let what: String

  var description: String { "seed \(plan.seed), \(moment):\n\(what)" }
}
