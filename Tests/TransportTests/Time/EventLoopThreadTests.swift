import NIOCore
import Testing
import Transport

struct EventLoopThreadTests {
  actor Counter {
    private let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private(set) var count = 0

    init(executor: any SerialExecutor) { self.executor = executor }
    func add() { count += 1 }
  }

  @Test
  func `an actor on the loop's thread is reached from the loop without waiting`() async throws {
    let thread = EventLoopThread()
    let counter = Counter(executor: thread.executor)
    await counter.add()
    try await thread.loop.submit { counter.assumeIsolated { $0.add() } }.get()
    #expect(await counter.count == 2)
    await thread.shutdown()
  }
}
