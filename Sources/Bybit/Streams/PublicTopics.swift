import Synchronization
import TradingModel
import Transport

/// Which symbols the public stream listens to. Subscriptions are restored on every new connection.
final class PublicTopics: Sendable {
  /// Arguments in one request: far under the venue's 21,000 characters.
  private static let batch = 50

  private struct State {
    var symbols: Set<Symbol> = []
    var socket: WebSocket?
  }

  let hasLiquidations: Bool
  private let state = Mutex(State())

  init(liquidations: Bool) { hasLiquidations = liquidations }

  func follow(_ symbols: [Symbol]) {
    let (new, socket) = state.withLock { state in
      let new = symbols.filter { state.symbols.insert($0).inserted }
      return (new, state.socket)
    }
    if let socket { subscribe(new, on: socket) }
  }

  /// Called on the connection's loop before its first message.
  func opened(_ socket: WebSocket) {
    let symbols = state.withLock { state in
      state.socket = socket
      return state.symbols.sorted()
    }
    subscribe(symbols, on: socket)
  }

  func closed() { state.withLock { $0.socket = nil } }

  private func subscribe(_ symbols: [Symbol], on socket: WebSocket) {
    let topics = symbols.flatMap { symbol in
      hasLiquidations ? ["tickers.\(symbol)", "allLiquidation.\(symbol)"] : ["tickers.\(symbol)"]
    }
    for start in stride(from: 0, to: topics.count, by: Self.batch) {
      let part = topics[start..<min(start + Self.batch, topics.count)]
      let message: JSONValue = ["op": "subscribe", "args": .array(part.map { .string($0) })]
      // A socket that ends just now is replaced, and its successor subscribes to everything.
      do { try socket.send(message.text) } catch { return }
    }
  }
}
