import Foundation

/// Runs every task and actor of one simulated day on the thread that pumps it: one turn after the
/// other, in the order in which they became ready. The same seed gives the same order.
///
/// Unchecked, because the thread is the lock: whatever belongs to a day is made, run and looked at on
/// one thread. A turn that came from another would have escaped the simulation, and stops it.
final class TurnQueue: @unchecked Sendable {
  private struct Turn {
    let job: UnownedJob
    let isOfTheEngine: Bool
  }

  private var turns: [Turn] = []
  private var head = 0
  private let thread = pthread_self()
  private(set) lazy var tasks = TurnTaskExecutor(self)
  private(set) lazy var engine = TurnSerialExecutor(self)

  fileprivate func add(_ job: UnownedJob, isOfTheEngine: Bool) {
    precondition(
      pthread_equal(pthread_self(), thread) != 0, "a task ran outside of the simulated day")
    turns.append(Turn(job: job, isOfTheEngine: isOfTheEngine))
  }

  /// Runs until nothing is ready any more.
  func pump() {
    while head < turns.count {
      let turn = turns[head]
      head += 1
      if turn.isOfTheEngine {
        turn.job.runSynchronously(on: engine.asUnownedSerialExecutor())
      } else {
        turn.job.runSynchronously(on: tasks.asUnownedTaskExecutor())
      }
      if head >= 1024 {
        turns.removeFirst(head)
        head = 0
      }
    }
    turns.removeAll(keepingCapacity: true)
    head = 0
  }
}

/// What tasks prefer; their children and the actors they call inherit it.
final class TurnTaskExecutor: TaskExecutor {
  private unowned let queue: TurnQueue

  init(_ queue: TurnQueue) { self.queue = queue }

  func enqueue(_ job: consuming ExecutorJob) { queue.add(UnownedJob(job), isOfTheEngine: false) }
}

/// The engine's own thread.
final class TurnSerialExecutor: SerialExecutor {
  private unowned let queue: TurnQueue

  init(_ queue: TurnQueue) { self.queue = queue }

  func enqueue(_ job: consuming ExecutorJob) { queue.add(UnownedJob(job), isOfTheEngine: true) }

  /// There is no other thread to be on.
  func checkIsolated() {}
}
