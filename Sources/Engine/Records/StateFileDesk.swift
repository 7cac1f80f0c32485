import TradingModel

/// Owns the state files that wait to be written: in order, and only the newest of each kind.
actor StateFileDesk {
  static let pauseBetweenTries = Duration.seconds(1)

  private let store: any StateFileStore
  private let clock: any WallClock
  private let health: StoreHealth
  private let wakes: AsyncStream<Void>
  private let waker: AsyncStream<Void>.Continuation
  /// One per kind at most.
  private var pending: [StateFile] = []

  init(store: any StateFileStore, clock: any WallClock, health: StoreHealth) {
    self.store = store
    self.clock = clock
    self.health = health
    (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func write(_ file: StateFile) {
    pending.removeAll { $0.kind == file.kind }
    pending.append(file)
    waker.yield()
  }

  /// Nothing waits to be written.
  var isIdle: Bool { pending.isEmpty }

  /// Writes until cancelled.
  func run() async {
    for await _ in wakes {
      // One that came while another of its kind was being written is written at once.
      while !pending.isEmpty, !Task.isCancelled {
        if await writeAll() { continue }
        do { try await clock.sleep(for: Self.pauseBetweenTries) } catch { break }
      }
    }
  }

  /// Tries each once: one that can't be written does not keep the others from it.
  /// - Returns: Whether all that waited were written.
  private func writeAll() async -> Bool {
    var trouble: String?
    for file in pending {
      do throws(JournalError) {
        try await store.write(file)
        // It stays when a newer one of its kind took its place meanwhile.
        pending.removeAll { $0 == file }
      } catch {
        trouble = error.description
      }
    }
    health.set(.stateFiles, trouble: trouble)
    return trouble == nil
  }
}

extension StateFile {
  fileprivate enum Kind: Equatable {
    case dailyPnL, moment, tradingFlag, panicLock
    case dayResult(UTCDay)
  }

  fileprivate var kind: Kind {
    switch self {
    case .dailyPnL: .dailyPnL
    case .dayResult(let result): .dayResult(result.day)
    case .moment: .moment
    case .tradingDisabled, .tradingEnabled: .tradingFlag
    case .panicLock, .panicUnlocked: .panicLock
    }
  }
}
