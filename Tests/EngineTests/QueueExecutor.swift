import Dispatch

/// One thread of its own, as an event loop is.
final class QueueExecutor: SerialExecutor {
  private static let key = DispatchSpecificKey<Bool>()
  let queue = DispatchQueue(label: "engine")

  init() { queue.setSpecific(key: Self.key, value: true) }

  var isCurrent: Bool { DispatchQueue.getSpecific(key: Self.key) == true }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
