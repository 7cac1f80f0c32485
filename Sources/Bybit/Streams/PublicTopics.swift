import NIOCore
import Synchronization
import TradingModel
import Transport

/// Which topics the public connections listen to, and on which of them each lies. Subscriptions are
/// restored on every new connection.
///
/// A connection takes 21,000 characters of topics: what does not fit goes on a further one.
final class PublicTopics: Sendable {
  /// Topics in one request.
  private static let batch = 50
  /// Under the venue's 21,000, which may count quotes and commas, too.
  private static let charactersPerConnection = 20_000

  private struct Line {
    var topics: Set<PublicTopic> = []
    var characters = 0
    var socket: WebSocket?
    /// What was asked for under which number, until it is answered.
    var asked: [String: [PublicTopic]] = [:]
  }

  private struct State {
    var lines = [Line()]
    /// On every connection.
    var signOfLife: PublicTopic?
    var homes: [PublicTopic: Int] = [:]
    var requests = 0
    var starts: AsyncStream<Int>.Continuation?
  }

  /// A request that is ready to be sent.
  private struct Message {
    let socket: WebSocket
    let text: String
    /// Of a subscription, which must be answered.
    var number: String?
  }

  private let state = Mutex(State())
  private let patience: (limit: Duration, loop: any EventLoop)?

  /// For requests that may stay unanswered for ever.
  init() { patience = nil }

  /// - Parameter limit: A connection that leaves a subscription unanswered for so long is closed.
  init(answeredWithin limit: Duration, on loop: any EventLoop) { patience = (limit, loop) }

  // MARK: What is wanted

  func follow(_ topics: [PublicTopic]) {
    let messages = state.withLock { state in
      var new: [Int: [PublicTopic]] = [:]
      for topic in topics where state.homes[topic] == nil {
        let home = Self.place(topic, in: &state)
        new[home, default: []].append(topic)
      }
      return new.keys.sorted().flatMap { line in
        Self.requests("subscribe", new[line] ?? [], on: line, in: &state)
      }
    }
    send(messages)
  }

  /// A topic that speaks all the time, on every connection: its silence is the connection's.
  func keepAlive(by topic: PublicTopic) {
    let messages = state.withLock { state in
      state.signOfLife = topic
      state.homes[topic] = state.homes[topic] ?? 0
      return state.lines.indices.flatMap { line -> [Message] in
        guard state.lines[line].topics.insert(topic).inserted else { return [] }
        state.lines[line].characters += Self.size(topic)
        return Self.requests("subscribe", [topic], on: line, in: &state)
      }
    }
    send(messages)
  }

  func unfollow(_ topics: [PublicTopic]) {
    let messages = state.withLock { state in
      var old: [Int: [PublicTopic]] = [:]
      for topic in topics where topic != state.signOfLife {
        guard let home = state.homes.removeValue(forKey: topic) else { continue }
        state.lines[home].topics.remove(topic)
        state.lines[home].characters -= Self.size(topic)
        old[home, default: []].append(topic)
      }
      return old.keys.sorted().flatMap { line in
        Self.requests("unsubscribe", old[line] ?? [], on: line, in: &state)
      }
    }
    send(messages)
  }

  func isFollowed(_ topic: PublicTopic) -> Bool { state.withLock { $0.homes[topic] != nil } }

  /// Every topic of that symbol.
  func topics(of symbol: Symbol) -> [PublicTopic] {
    state.withLock { $0.homes.keys.filter { $0.symbol == symbol } }.sorted()
  }

  /// Asks for one topic anew: its next frame is a snapshot.
  func renew(_ topic: PublicTopic) {
    let messages = state.withLock { state -> [Message] in
      guard let line = state.homes[topic] else { return [] }
      return Self.requests("unsubscribe", [topic], on: line, in: &state)
        + Self.requests("subscribe", [topic], on: line, in: &state)
    }
    send(messages)
  }

  // MARK: Connections

  /// The numbers of the connections that are needed, now and later.
  func connections() -> AsyncStream<Int> {
    let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
    state.withLock { state in
      state.starts = continuation
      for line in state.lines.indices { continuation.yield(line) }
    }
    return stream
  }

  /// Called on the connection's loop before its first message.
  func opened(_ socket: WebSocket, line: Int) {
    let messages = state.withLock { state -> [Message] in
      guard state.lines.indices.contains(line) else { return [] }
      state.lines[line].socket = socket
      state.lines[line].asked = [:]
      let topics = state.lines[line].topics.sorted()
      return Self.requests("subscribe", topics, on: line, in: &state)
    }
    send(messages)
  }

  func closed(line: Int) {
    state.withLock { state in
      if state.lines.indices.contains(line) { state.lines[line].socket = nil }
    }
  }

  // MARK: Answers

  enum Answer {
    case accepted
    /// Asked again in smaller parts.
    case divided
    /// These alone are refused: they are not asked for again.
    case refused([PublicTopic])
  }

  /// A request is refused as a whole where one of its topics is wrong: it is divided until that one
  /// stands alone, so that a symbol which is no more costs nothing else.
  func answered(_ request: String, success: Bool, line: Int) -> Answer {
    let (answer, messages) = state.withLock { state -> (Answer, [Message]) in
      guard state.lines.indices.contains(line),
        let topics = state.lines[line].asked.removeValue(forKey: request), !success
      else { return (.accepted, []) }
      let wanted = topics.filter { state.homes[$0] == line || $0 == state.signOfLife }
      guard wanted.count > 1 else {
        for topic in wanted {
          if state.homes[topic] == line { state.homes[topic] = nil }
          state.lines[line].topics.remove(topic)
          state.lines[line].characters -= Self.size(topic)
        }
        return (.refused(wanted), [])
      }
      let half = wanted.count / 2
      return (
        .divided,
        Self.requests("subscribe", Array(wanted[..<half]), on: line, in: &state)
          + Self.requests("subscribe", Array(wanted[half...]), on: line, in: &state)
      )
    }
    send(messages)
    return answer
  }

  // MARK: How

  private static func size(_ topic: PublicTopic) -> Int { topic.name.utf8.count + 3 }

  private static func place(_ topic: PublicTopic, in state: inout State) -> Int {
    let size = size(topic)
    var home = state.lines.firstIndex { $0.characters + size <= charactersPerConnection }
    if home == nil {
      state.lines.append(
        Line(
          topics: Set([state.signOfLife].compactMap(\.self)),
          characters: state.signOfLife.map { self.size($0) } ?? 0))
      home = state.lines.count - 1
      state.starts?.yield(state.lines.count - 1)
    }
    let line = home ?? 0
    state.homes[topic] = line
    state.lines[line].topics.insert(topic)
    state.lines[line].characters += size
    return line
  }

  private static func requests(
    _ operation: String, _ topics: [PublicTopic], on line: Int, in state: inout State
  ) -> [Message] {
    guard let socket = state.lines[line].socket else { return [] }
    var messages: [Message] = []
    for start in stride(from: 0, to: topics.count, by: batch) {
      let part = Array(topics[start..<min(start + batch, topics.count)])
      state.requests += 1
      let number = "\(state.requests)"
      if operation == "subscribe" { state.lines[line].asked[number] = part }
      let message: JSONValue = [
        "op": .string(operation), "args": .array(part.map { .string($0.name) }),
        "req_id": .string(number),
      ]
      messages.append(
        Message(
          socket: socket, text: message.text, number: operation == "subscribe" ? number : nil))
    }
    return messages
  }

  private func send(_ messages: [Message]) {
    for message in messages {
      // A socket that ends just now is replaced, and its successor subscribes to everything.
      do { try message.socket.send(message.text) } catch { continue }
      guard let number = message.number, let (limit, loop) = patience else { continue }
      loop.scheduleTask(in: .nanoseconds(limit.wholeNanoseconds)) {
        self.expire(number, on: message.socket)
      }
    }
  }

  /// Numbers are never used twice: what is still asked for under it was not answered.
  private func expire(_ number: String, on socket: WebSocket) {
    let isUnanswered = state.withLock { state in
      state.lines.contains { $0.socket === socket && $0.asked[number] != nil }
    }
    if isUnanswered { socket.close() }
  }
}
