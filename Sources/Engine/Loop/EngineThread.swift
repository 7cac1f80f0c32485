/// The one thread that the engine and its order desk run on.
///
/// With a stream's event loop the way from the socket to the order needs no other thread. It is
/// handed in as what it is: an executor, and a question that tells whether the caller is on it.
public final class EngineThread: Sendable {
  private actor Ground {}

  private let executor: (any SerialExecutor)?
  private let ground = Ground()
  private let isCurrentThread: @Sendable () -> Bool

  /// - Parameter isCurrent: Whether the caller runs on `executor`: NIO's `inEventLoop`.
  public init(executor: any SerialExecutor, isCurrent: @escaping @Sendable () -> Bool) {
    self.executor = executor
    isCurrentThread = isCurrent
  }

  /// A turn on the shared pool, where no thread is set apart.
  public init() {
    executor = nil
    isCurrentThread = { false }
  }

  var isCurrent: Bool { isCurrentThread() }

  /// Valid as long as this thread is held.
  var unownedExecutor: UnownedSerialExecutor {
    executor?.asUnownedSerialExecutor() ?? ground.unownedExecutor
  }
}
