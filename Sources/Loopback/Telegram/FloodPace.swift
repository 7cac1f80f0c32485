import TradingModel

/// How fast a bot may write before it is told to wait.
public struct FloodPace: Sendable, Hashable {
  /// A bucket that holds `burst` messages and refills at `perMinute`.
  public struct Rate: Sendable, Hashable {
    public var perMinute: Int
    public var burst: Int

    public init(perMinute: Int, burst: Int) {
      self.perMinute = perMinute
      self.burst = burst
    }
  }

  public var chat: Rate
  public var group: Rate
  public var overall: Rate

  public init(chat: Rate, group: Rate, overall: Rate) {
    self.chat = chat
    self.group = group
    self.overall = overall
  }

  /// So generous that a 429 only comes when it is asked for.
  public static let lenient = FloodPace(
    chat: Rate(perMinute: 1800, burst: 60), group: Rate(perMinute: 1800, burst: 60),
    overall: Rate(perMinute: 18_000, burst: 300))

  /// What Telegram documents: about one a second and chat, 20 a minute and group, 30 a second.
  public static let strict = FloodPace(
    chat: Rate(perMinute: 60, burst: 3), group: Rate(perMinute: 20, burst: 20),
    overall: Rate(perMinute: 1800, burst: 30))
}

/// The buckets of all chats.
struct FloodGate: Sendable {
  private struct Bucket {
    /// Millionths of a message.
    var level: Int64
    var filledAt: Timestamp
  }

  private static let whole: Int64 = 1_000_000
  private let pace: FloodPace
  private var buckets: [Int64: Bucket] = [:]

  init(_ pace: FloodPace) { self.pace = pace }

  /// Takes one message from the bucket of the chat and from that of all chats.
  /// - Returns: Seconds to wait when one of them is empty; then nothing is taken.
  mutating func take(chat: TelegramChat, now: Timestamp) -> Int? {
    let everyone: Int64 = 0  // No chat has this id.
    let rates = [
      (chat.id, chat.isDirect ? pace.chat : pace.group), (everyone, pace.overall),
    ]
    for (id, rate) in rates {
      let bucket = filled(id, rate, now)
      if bucket.level < Self.whole {
        let missing = Self.whole - bucket.level
        let perSecond = max(1, Int64(rate.perMinute) * Self.whole / 60)
        return Int((missing + perSecond - 1) / perSecond)
      }
    }
    for (id, rate) in rates {
      var bucket = filled(id, rate, now)
      bucket.level -= Self.whole
      buckets[id] = bucket
    }
    return nil
  }

  private func filled(_ id: Int64, _ rate: FloodPace.Rate, _ now: Timestamp) -> Bucket {
    let full = Int64(rate.burst) * Self.whole
    guard let bucket = buckets[id] else { return Bucket(level: full, filledAt: now) }
    // An hour refills any bucket; clamping keeps the product far from overflow.
    let elapsed = min(max(0, (now - bucket.filledAt).wholeMilliseconds), 3_600_000)
    let gained = elapsed * Int64(rate.perMinute) * Self.whole / 60_000
    return Bucket(level: min(full, bucket.level + gained), filledAt: now)
  }
}
