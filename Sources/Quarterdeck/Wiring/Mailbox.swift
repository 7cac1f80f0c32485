/// Carries values from where nothing may wait to where they are dealt with; bounded.
struct Mailbox<Value: Sendable>: Sendable {
  let values: AsyncStream<Value>
  private let continuation: AsyncStream<Value>.Continuation

  /// - Parameter limit: How many wait at the most; beyond, the oldest goes.
  init(limit: Int = 1024) {
    (values, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(limit))
  }

  func put(_ value: Value) { continuation.yield(value) }
}
