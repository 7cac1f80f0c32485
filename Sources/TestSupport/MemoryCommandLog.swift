import Chat
import Synchronization

/// A command journal that lasts as long as the test, and can be out of order.
public final class MemoryCommandLog: CommandLog {
  private struct State {
    var rows: [CommandRow] = []
    var steps: [(number: Int64, stage: CommandStage)] = []
    var isBroken = false
  }

  private let state = Mutex(State())

  public init(_ rows: [CommandRow] = []) { state.withLock { $0.rows = rows } }

  public var rows: [CommandRow] { state.withLock { $0.rows } }

  /// The stages that a command went through.
  public func stages(of number: Int64) -> [CommandStage] {
    state.withLock { $0.steps.filter { $0.number == number }.map(\.stage) }
  }

  public func setBroken(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

  public func add(_ row: CommandRow) async throws(ChatStoreError) -> Int64 {
    let number: Int64? = state.withLock { state in
      guard !state.isBroken else { return nil }
      var numbered = row
      numbered.number = (state.rows.map(\.number).max() ?? 0) + 1
      state.rows.append(numbered)
      state.steps.append((numbered.number, row.stage))
      return numbered.number
    }
    guard let number else { throw .unwritable("disk full") }
    return number
  }

  public func update(_ row: CommandRow) async throws(ChatStoreError) {
    let isDone: Bool = state.withLock { state in
      guard !state.isBroken,
        let index = state.rows.firstIndex(where: { $0.number == row.number })
      else { return false }
      state.rows[index].stage = row.stage
      state.rows[index].answer = row.answer
      state.rows[index].deed = row.deed
      state.rows[index].detail = row.detail
      state.rows[index].changedAt = row.changedAt
      state.steps.append((row.number, row.stage))
      return true
    }
    guard isDone else { throw .unwritable("disk full") }
  }

  public func unfinished() async throws(ChatStoreError) -> [CommandRow] {
    rows.filter { !$0.stage.isEnd }
  }

  public func latest(_ count: Int) async throws(ChatStoreError) -> [CommandRow] {
    Array(rows.reversed().prefix(count))
  }
}
