import TradingModel

/// The last things that happened, in words, and a digest of all of them.
final class DayLog {
  private static let limit = 80
  private var last: [(time: Timestamp, happening: Happening)] = []
  private var place = 0
  /// FNV-1a over the words of everything that happened, with its time.
  private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325

  func note(_ happening: Happening, at time: Timestamp) {
    add(UInt64(bitPattern: time.nanoseconds))
    for byte in happening.description.utf8 { add(UInt64(byte)) }
    if last.count < Self.limit {
      last.append((time, happening))
    } else {
      last[place] = (time, happening)
      place = (place + 1) % Self.limit
    }
  }

  /// Oldest first.
  var lines: [String] {
    (last[place...] + last[..<place]).map { "\($0.time.clockText) \($0.happening)" }
  }

  private func add(_ value: UInt64) { digest = (digest ^ value) &* 0x100_0000_01B3 }
}
