/// The limits and habits of one WebSocket connection.
public struct WebSocketOptions: Sendable, Hashable {
  /// A sign of life sent at a fixed pace.
  public struct Heartbeat: Sendable, Hashable {
    public var interval: Duration
    /// Anything at all must arrive within this time of a heartbeat.
    public var deadline: Duration
    /// What is sent: a text message of the venue's own, or, with nil, a ping frame.
    public var message: String?

    public init(every interval: Duration, deadline: Duration, message: String? = nil) {
      self.interval = interval
      self.deadline = deadline
      self.message = message
    }
  }

  /// Name lookup, connection, TLS and handshake together.
  public var connectTimeout: Duration
  /// Of one message, its fragments put together.
  public var maxMessageBytes: Int
  /// What may wait to be sent while the other side does not read.
  public var maxUnsentBytes: Int
  /// Nil for none.
  public var heartbeat: Heartbeat?
  /// The longest time without any text or binary message; nil for feeds that may be quiet.
  public var silenceLimit: Duration?
  /// So many bad messages within a minute end the connection.
  public var maxBadMessagesPerMinute: Int
  /// How long the other side may take to answer our close frame.
  public var closeTimeout: Duration

  public init(
    connectTimeout: Duration = .seconds(10), maxMessageBytes: Int = 4 << 20,
    maxUnsentBytes: Int = 1 << 20,
    heartbeat: Heartbeat? = Heartbeat(every: .seconds(20), deadline: .seconds(10)),
    silenceLimit: Duration? = nil, maxBadMessagesPerMinute: Int = 10,
    closeTimeout: Duration = .seconds(2)
  ) {
    self.connectTimeout = connectTimeout
    self.maxMessageBytes = maxMessageBytes
    self.maxUnsentBytes = maxUnsentBytes
    self.heartbeat = heartbeat
    self.silenceLimit = silenceLimit
    self.maxBadMessagesPerMinute = maxBadMessagesPerMinute
    self.closeTimeout = closeTimeout
  }
}
