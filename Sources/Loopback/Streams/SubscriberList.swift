/// Who listens to what, in order of arrival.
struct SubscriberList {
  struct Subscriber {
    let number: Int
    let socket: ServerSocket
    /// Asked for membership only.
    var topics: Set<String> = []
    /// Whether it said who it is, where that is asked for.
    var isAuthorised = false
    /// Whether payloads come wrapped with the name of their stream, where a venue knows both ways.
    var isWrapped = false
  }

  private(set) var subscribers: [Subscriber] = []
  private var lastNumber = 0

  /// - Returns: The number by which it is known, which is never used again.
  mutating func add(_ socket: ServerSocket) -> Int {
    lastNumber += 1
    subscribers.append(Subscriber(number: lastNumber, socket: socket))
    return lastNumber
  }

  mutating func remove(_ number: Int) { subscribers.removeAll { $0.number == number } }

  /// Changes a subscriber; nothing when it has gone.
  mutating func change(_ number: Int, _ change: (inout Subscriber) -> Void) {
    guard let place = subscribers.firstIndex(where: { $0.number == number }) else { return }
    change(&subscribers[place])
  }

  subscript(number: Int) -> Subscriber? { subscribers.first { $0.number == number } }

  func listeners(to topic: String) -> [ServerSocket] {
    subscribers.filter { $0.topics.contains(topic) }.map(\.socket)
  }
}
