import TradingModel
import Transport

/// Tells order books: a snapshot to whoever comes, then what changed.
///
/// Source: Bybit V5, `orderbook.{depth}.{symbol}`. The depth of one level is all snapshots, told again
/// after three seconds without a change, with the same `u`.
struct BybitBookTeller {
  private static let repeatAfter = Duration.seconds(3)

  /// What those who listen have of a topic.
  private struct Told {
    var book: SyntheticBook
    var update: Int64
    var sequence: Int64
    var time: Timestamp
  }

  struct Topic: Hashable {
    let channel: BybitBookChannel
    let symbol: Symbol

    /// Nil for another kind of topic, and a depth that is not told.
    init?(_ name: String) {
      let parts = name.split(separator: ".").map(String.init)
      guard parts.count == 3, parts[0] == "orderbook", let depth = Int(parts[1]),
        let channel = BybitBookChannel.all.first(where: { $0.depth == depth })
      else { return nil }
      self.channel = channel
      symbol = Symbol(venueName: parts[2])
    }

    var name: String { "orderbook.\(channel.depth).\(symbol)" }
  }

  private var told: [Topic: Told] = [:]

  /// The snapshot for somebody who has just subscribed: the book that the others have.
  mutating func snapshot(_ topic: Topic, _ board: SymbolBoard, beat: Int64, at time: Timestamp)
    -> String
  {
    let known = told[topic] ?? fresh(topic, board, beat: beat, at: time)
    told[topic] = known
    return Self.message(
      topic, "snapshot", board, bids: known.book.bids, asks: known.book.asks, known, at: time)
  }

  /// What is told with a beat of the market; nil for nothing.
  mutating func news(_ topic: Topic, _ board: SymbolBoard, beat: Int64, at time: Timestamp)
    -> String?
  {
    guard beat % topic.channel.beats == 0 else { return nil }
    guard let before = told[topic] else {
      // There were no prices when it was asked for.
      return snapshot(topic, board, beat: beat, at: time)
    }
    var now = fresh(topic, board, beat: beat, at: time)
    let changes = now.book.changes(since: before.book)
    let isSame = changes.bids.isEmpty && changes.asks.isEmpty
    if topic.channel.depth == 1 {
      guard !isSame || time - before.time >= Self.repeatAfter else { return nil }
      if isSame { (now.update, now.sequence) = (before.update, before.sequence) }
      told[topic] = now
      return Self.message(
        topic, "snapshot", board, bids: now.book.bids, asks: now.book.asks, now, at: time)
    }
    guard !isSame else { return nil }
    told[topic] = now
    return Self.message(
      topic, "delta", board, bids: changes.bids, asks: changes.asks, now, at: time)
  }

  /// Forgets what nobody listens to.
  mutating func forget(except topics: Set<String>) {
    guard !told.isEmpty else { return }
    told = told.filter { topics.contains($0.key.name) }
  }

  private func fresh(
    _ topic: Topic, _ board: SymbolBoard, beat: Int64, at time: Timestamp
  ) -> Told {
    Told(
      book: SyntheticBook(
        board, beat: topic.channel.drawnBeat(beat), depth: topic.channel.depth),
      update: topic.channel.update(at: beat), sequence: BybitBookRow.sequence(at: beat),
      time: time)
  }

  /// Of futures the level of one says its time before its type.
  private static func message(
    _ topic: Topic, _ kind: String, _ board: SymbolBoard, bids: [BookLevel], asks: [BookLevel],
    _ told: Told, at time: Timestamp
  ) -> String {
    let now = JSONValue.integer(time.milliseconds)
    var message: JSONObject = ["topic": .string(topic.name)]
    if topic.channel.depth == 1 { message["ts"] = now }
    message["type"] = .string(kind)
    message["ts"] = now
    message["data"] = .object(
      BybitBookRow(board.instrument).data(
        bids: bids, asks: asks, update: told.update, sequence: told.sequence))
    message["cts"] = .integer(time.milliseconds - BybitBookRow.gatewayLag)
    return JSONValue.object(message).text
  }
}
