import Foundation
import Testing

@testable import Quarterdeck

struct HeartbeatTests {
  private let path = NSTemporaryDirectory() + "heartbeat-\(UUID().uuidString)"

  @Test func `a beat is seen by whoever reads the file`() throws {
    defer { unlink(path) }
    #expect(Heartbeat.mark(in: path) == nil)
    let heartbeat = try #require(Heartbeat(path))
    #expect(Heartbeat.mark(in: path) == nil, "it never beat")
    heartbeat.beat()
    let first = try #require(Heartbeat.mark(in: path))
    #expect(!first.isResting)
    heartbeat.beat()
    let second = try #require(Heartbeat.mark(in: path))
    #expect(second.value > first.value)
    heartbeat.rest()
    #expect(try #require(Heartbeat.mark(in: path)).isResting)
  }

  @Test func `what can't be mapped leaves no old beat behind`() throws {
    let folder = NSTemporaryDirectory() + "heartbeat-\(UUID().uuidString)"
    #expect(Heartbeat("\(folder)/heartbeat") == nil)
  }

  // MARK: Judging

  private func mark(_ value: UInt64) -> Heartbeat.Mark { Heartbeat.Mark(value) }

  @Test func `thirty seconds of silence are a hang, and not one second less`() {
    var judge = HeartbeatJudge(limit: .seconds(30))
    #expect(judge.look(mark(100), at: .zero) == .beats)
    for second in 1..<30 {
      let verdict = judge.look(mark(100), at: .seconds(second))
      #expect(verdict == .silent(.seconds(second)))
    }
    #expect(judge.look(mark(100), at: .seconds(30)) == .hangs(.seconds(30)))
    #expect(judge.look(mark(102), at: .seconds(31)) == .beats)
  }

  @Test func `a judge that was held up, or a machine that slept, makes nothing hang`() {
    var judge = HeartbeatJudge(limit: .seconds(30))
    #expect(judge.look(mark(100), at: .zero) == .beats)
    #expect(judge.look(mark(100), at: .seconds(3600)) == .silent(.seconds(1)))
    #expect(judge.look(mark(100), at: .seconds(100)) == .silent(.seconds(1)), "it went back")
  }

  @Test func `a process that starts or stops has four times as long`() {
    var judge = HeartbeatJudge(limit: .seconds(5))
    _ = judge.look(mark(101), at: .zero)
    for second in 1..<20 {
      #expect(judge.look(mark(101), at: .seconds(second)) == .silent(.seconds(second)))
    }
    #expect(judge.look(mark(101), at: .seconds(20)) == .hangs(.seconds(20)))
  }

  @Test func `no heartbeat, or one of a life before, is judged never`() {
    var judge = HeartbeatJudge(limit: .seconds(5))
    for second in 0..<100 {
      #expect(judge.look(nil, at: .seconds(second)) == .unwatched)
      #expect(judge.look(mark(98), since: 100, at: .seconds(second)) == .unwatched)
    }
  }
}
