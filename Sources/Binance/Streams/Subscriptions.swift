import NIOCore
import Synchronization
import TradingModel
import Transport

/// What the connections of one category listen to. Each connection carries a bounded number of
/// streams; subscriptions are restored on every new one, few messages at a time.
final class Subscriptions: Sendable {
  /// The venue takes 1,024 streams on a connection; older gateways 200 in one request.
  static let streamsPerConnection = 1000
  static let streamsPerMessage = 200
  /// The venue takes ten messages a second on a connection, pings and pongs included.
  static let pace = Duration.milliseconds(250)

  private struct State {
    var streams: [[String]] = []
    var known: Set<String> = []
    var sockets: [Int: [WebSocket]] = [:]
    var nextID = 1

    mutating func messages(for streams: [String]) -> [String] {
      stride(from: 0, to: streams.count, by: Subscriptions.streamsPerMessage).map { start in
        let part = streams[start..<min(start + Subscriptions.streamsPerMessage, streams.count)]
        defer { nextID += 1 }
        let message: JSONValue = [
          "method": "SUBSCRIBE", "params": .array(part.map { .string($0) }),
          "id": .integer(nextID),
        ]
        return message.text
      }
    }
  }

  private let state = Mutex(State())
  private let opened: AsyncStream<Int>.Continuation
  /// The numbers of connections that are needed, as they come to be.
  let connections: AsyncStream<Int>

  /// On every connection, besides.
  private let signOfLife: String

  /// - Parameter signOfLife: A stream that speaks all the time.
  init(signOfLife: String) {
    self.signOfLife = signOfLife
    (connections, opened) = AsyncStream.makeStream()
  }

  /// Listens to these from now on, too. Known ones are no news.
  func follow(_ names: [String], on loop: any EventLoop) {
    let changes: [(sockets: [WebSocket], messages: [String])] = state.withLock { state in
      var added: [Int: [String]] = [:]
      for name in names where state.known.insert(name).inserted {
        if state.streams.last.map({ $0.count >= Self.streamsPerConnection }) ?? true {
          state.streams.append([signOfLife])
          opened.yield(state.streams.count - 1)
        }
        let number = state.streams.count - 1
        guard name != signOfLife else { continue }
        state.streams[number].append(name)
        added[number, default: []].append(name)
      }
      return added.keys.sorted().map { number in
        (state.sockets[number] ?? [], state.messages(for: added[number] ?? []))
      }
    }
    for change in changes {
      for socket in change.sockets { Self.send(change.messages, on: socket, loop) }
    }
  }

  /// Called on the loop before the first message of a connection.
  func opened(_ number: Int, _ socket: WebSocket, on loop: any EventLoop) {
    let messages = state.withLock { state in
      state.sockets[number, default: []].append(socket)
      // An old one may still speak beside the new one; before that there is none.
      if state.sockets[number, default: []].count > 2 { state.sockets[number]?.removeFirst() }
      return state.messages(for: state.streams[number])
    }
    Self.send(messages, on: socket, loop)
  }

  /// The connection is lost; its streams are asked for anew on the next.
  func closed(_ number: Int) { state.withLock { $0.sockets[number] = nil } }

  private static func send(_ messages: [String], on socket: WebSocket, _ loop: any EventLoop) {
    for (index, message) in messages.enumerated() {
      let wait = TimeAmount.nanoseconds(pace.wholeNanoseconds * Int64(index))
      loop.scheduleTask(in: wait) {
        // A socket that ends just now is replaced, and its successor subscribes to everything.
        do throws(WebSocketError) { try socket.send(message) } catch { return }
      }
    }
  }
}
