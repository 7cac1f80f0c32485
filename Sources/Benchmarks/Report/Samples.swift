/// Durations of many repetitions, in nanoseconds.
struct Samples {
  private var values: [Int64] = []

  init(capacity: Int) { values.reserveCapacity(capacity) }

  var count: Int { values.count }

  mutating func note(_ nanoseconds: Int64) { values.append(nanoseconds) }

  mutating func take(_ more: Samples) { values += more.values }

  /// In microseconds; not a number when there are none.
  /// - Parameter share: 0.5 for the median.
  func percentile(_ share: Double) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.last else { return .nan }
    let index = Int(share * Double(sorted.count))
    return Double(sorted.indices.contains(index) ? sorted[index] : last) / 1000
  }

  var least: Double { percentile(0) }
  var most: Double { percentile(1) }
}
