import Synchronization
import TradingModel

/// What the guard has ready for the moment it is needed.
final class GuardKit: Sendable {
  private struct State {
    var ground: Groundwork
    var instruments: [Instrument] = []
  }

  /// Between two readings of the venue's contracts.
  static let pace = Duration.hours(1)
  static let pauseAfterFailure = Duration.seconds(60)

  private let state: Mutex<State>
  private let changes = Mailbox<Void>(limit: 1)
  private let make: @Sendable () throws -> Groundwork

  /// - Parameter make: Reads settings and secrets, and builds on them.
  /// - Throws: What `make` throws.
  init(_ make: @escaping @Sendable () throws -> Groundwork) throws {
    self.make = make
    state = Mutex(State(ground: try make()))
  }

  var ground: Groundwork { state.withLock { $0.ground } }
  var instruments: [Instrument] { state.withLock { $0.instruments } }

  /// Built anew on what settings and secrets say now.
  /// - Throws: What is wrong with them; what was ready stays so.
  func renew() async throws {
    let next = try make()
    let old = state.withLock { state in
      let old = state.ground
      state.ground = next
      return old
    }
    changes.put(())
    await old.shutdown()
  }

  /// Keeps the venue's contracts fresh until cancelled.
  func keep(on clock: any WallClock) async {
    await withDiscardingTaskGroup { group in
      group.addTask { [changes] in
        while !Task.isCancelled {
          changes.put(())
          do { try await clock.sleep(for: Self.pace) } catch { return }
        }
      }
      for await _ in changes.values {
        var list = await ground.instruments()
        while list.isEmpty, !Task.isCancelled, ground.settings.mode == .live {
          do { try await clock.sleep(for: Self.pauseAfterFailure) } catch { break }
          list = await ground.instruments()
        }
        if !list.isEmpty { state.withLock { $0.instruments = list } }
      }
      group.cancelAll()
    }
  }
}
