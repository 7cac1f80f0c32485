/// How the Bot API is spoken to.
public struct TelegramSettings: Sendable, Hashable {
  /// The host, without token: `https://api.telegram.org`, or another server of the same API.
  public var baseURL: String
  /// How long a poll waits for news, in whole seconds from 1 to 50: what the server allows.
  public let pollTimeout: Duration
  /// What is added to it before the connection is given up as dead.
  public var pollGrace: Duration
  public var connectTimeout: Duration
  /// For everything that is no poll.
  public var callTimeout: Duration
  public var pace: SendPace

  /// - Parameter pollTimeout: Brought into the range that the server allows.
  public init(
    baseURL: String = "https://api.telegram.org", pollTimeout: Duration = .seconds(30),
    pollGrace: Duration = .seconds(10), connectTimeout: Duration = .seconds(5),
    callTimeout: Duration = .seconds(10), pace: SendPace = SendPace()
  ) {
    self.baseURL = baseURL
    self.pollTimeout = .seconds(min(max(pollTimeout.components.seconds, 1), 50))
    self.pollGrace = pollGrace
    self.connectTimeout = connectTimeout
    self.callTimeout = callTimeout
    self.pace = pace
  }
}

/// How fast messages leave. Source: Telegram's limits of 1 message/s in a chat (short bursts pass),
/// 20/min in a group, about 30/s in all; a little under each.
public struct SendPace: Sendable, Hashable {
  public var burstPerChat: Int
  public var perChat: Duration
  public var burstPerGroup: Int
  public var perGroup: Duration
  public var burstOverall: Int
  public var overall: Duration

  /// Tokens refill one per the given duration.
  public init(
    burstPerChat: Int = 3, perChat: Duration = .seconds(1), burstPerGroup: Int = 18,
    perGroup: Duration = .milliseconds(3334), burstOverall: Int = 25,
    overall: Duration = .milliseconds(40)
  ) {
    self.burstPerChat = burstPerChat
    self.perChat = perChat
    self.burstPerGroup = burstPerGroup
    self.perGroup = perGroup
    self.burstOverall = burstOverall
    self.overall = overall
  }
}
