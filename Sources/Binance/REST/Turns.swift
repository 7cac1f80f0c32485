import Synchronization
import TradingModel

/// One change of a symbol's protection at a time: an entry's stop and target are still being placed
/// when its average entry calls for others.
final class Turns: Sendable {
  /// Who waits, by symbol; a symbol that is here is taken.
  private let taken = Mutex<[Symbol: [CheckedContinuation<Void, Never>]]>([:])

  /// Waits for the turn. Whoever has it gives it back within the limits of its requests.
  func enter(_ symbol: Symbol) async {
    await withCheckedContinuation { continuation in
      let isFree = taken.withLock { taken in
        guard taken[symbol] != nil else {
          taken[symbol] = []
          return true
        }
        taken[symbol, default: []].append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  func leave(_ symbol: Symbol) {
    let next = taken.withLock { taken -> CheckedContinuation<Void, Never>? in
      guard var waiting = taken[symbol], !waiting.isEmpty else {
        taken[symbol] = nil
        return nil
      }
      let next = waiting.removeFirst()
      taken[symbol] = waiting
      return next
    }
    next?.resume()
  }
}
