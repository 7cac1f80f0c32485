/// Something that a test opens, once, for all who wait.
public struct Latch: Sendable {
  private let stream: AsyncStream<Never>
  private let continuation: AsyncStream<Never>.Continuation

  public init() { (stream, continuation) = AsyncStream.makeStream() }

  public func open() { continuation.finish() }

  /// Returns when it is open, or when the task is cancelled. One waits at a time.
  public func wait() async { for await _ in stream {} }
}
