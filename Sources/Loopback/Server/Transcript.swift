import Synchronization
import TradingModel

/// What passed between a service and its clients, one line each, in the order in which it happened.
/// Secrets are masked before a line is kept; the oldest lines go when there are too many.
public final class Transcript: Sendable {
  public struct Line: Sendable, Hashable {
    /// Counts up from 1 and is never used again.
    public let number: Int
    public let time: Timestamp
    public let service: String
    public let text: String
  }

  static let maximumLines = 20_000
  static let maximumLineCharacters = 2_000

  private struct State {
    var lines: [Line] = []
    var lastNumber = 0
    var secrets: [String] = []
  }

  private let state = Mutex(State())
  private let clock: any WallClock

  public init(clock: any WallClock) { self.clock = clock }

  /// What its lines are stamped with.
  var now: Timestamp { clock.now }

  /// From now on this text appears as `***`.
  public func mask(_ secret: String) {
    guard !secret.isEmpty else { return }
    state.withLock { $0.secrets.append(secret) }
  }

  public func note(_ text: String, service: String) {
    let time = clock.now
    state.withLock { state in
      let masked = state.secrets.reduce(text) { $0.replacing($1, with: "***") }
      let oneLine = masked.replacing("\r", with: "").replacing("\n", with: "⏎")
      state.lastNumber += 1
      state.lines.append(
        Line(
          number: state.lastNumber, time: time, service: service,
          text: String(oneLine.prefix(Self.maximumLineCharacters))))
      if state.lines.count > Self.maximumLines { state.lines.removeFirst(Self.maximumLines / 10) }
    }
  }

  /// Lines with a number above `number`.
  public func lines(after number: Int = 0) -> [Line] {
    state.withLock { $0.lines.filter { $0.number > number } }
  }
}

extension Transcript.Line: CustomStringConvertible {
  /// `12:04:31.250 telegram > sendMessage chat_id=42 text="hello"`.
  public var description: String { "\(time.iso8601.dropFirst(11).dropLast()) \(service) \(text)" }
}
