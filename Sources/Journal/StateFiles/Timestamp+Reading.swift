import TradingModel

extension Timestamp {
  /// Reads `2026-11-20T12:04:31.250Z`, with or without a fraction; nil when that is no instant.
  init?(iso8601 text: String) {
    guard text.last == "Z", text.count >= 20, text.utf8.count == text.count else { return nil }
    let halves = text.dropLast().split(separator: "T", omittingEmptySubsequences: false)
    guard halves.count == 2, let day = UTCDay(String(halves[0])) else { return nil }
    let pieces = halves[1].split(separator: ".", omittingEmptySubsequences: false)
    let clock = pieces[0].split(separator: ":", omittingEmptySubsequences: false)
    guard pieces.count <= 2, clock.count == 3, clock.allSatisfy({ $0.count == 2 }),
      let hour = Int64(clock[0]), let minute = Int64(clock[1]), let second = Int64(clock[2]),
      (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second)
    else { return nil }
    var milliseconds: Int64 = 0
    if pieces.count == 2 {
      let digits = pieces[1].prefix(3)
      guard !digits.isEmpty, pieces[1].allSatisfy(\.isWholeNumber),
        let value = Int64(digits + String(repeating: "0", count: 3 - digits.count))
      else { return nil }
      milliseconds = value
    }
    self = day.start + .seconds(hour * 3600 + minute * 60 + second) + .milliseconds(milliseconds)
  }
}
