import NIOCore
import NIOPosix

/// One thread with one event loop, which can also be an actor's executor: sockets and the actor then
/// share a thread, and a socket's handler reaches the actor by `assumeIsolated`, without an `await`.
///
/// ```swift
/// actor Engine {
///   private let executor: any SerialExecutor
///   nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
/// }
/// let engine = Engine(executor: thread.executor)
/// ```
public final class EventLoopThread: Sendable {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  public let loop: any EventLoop
  /// Runs jobs on the loop's thread. Whoever is isolated to it must hold on to it.
  public let executor: any SerialExecutor

  public init() {
    loop = group.next()
    executor = loop.executor
  }

  /// Closes every socket of the loop and ends the thread.
  public func shutdown() async {
    do {
      try await group.shutdownGracefully()
    } catch {
      // The only error is that it was shut down before.
    }
  }
}
