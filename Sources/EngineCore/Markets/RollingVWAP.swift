import TradingModel

/// The volume-weighted average price of the trades of the last 24 hours, in buckets of a minute.
///
/// VWAP = Σ price × quantity ÷ Σ quantity. The sums are exact; only the result is rounded. What is
/// older than a day leaves with its bucket, so that it covers between 24 h and 24 h less a minute.
struct RollingVWAP: Sendable {
  private struct Bucket: Sendable {
    var minute: Int64
    /// Counts of price × counts of quantity.
    var cost: Int128
    /// Counts of quantity.
    var volume: Int128
  }

  static let minutes: Int64 = 24 * 60

  private var buckets: [Bucket] = []
  private var head = 0
  private var cost: Int128 = 0
  private var volume: Int128 = 0

  /// Adds a trade. A late one counts in the newest minute.
  mutating func add(price: Price, quantity: Quantity, at time: Timestamp) {
    let minute = max(time.seconds / 60, buckets.last?.minute ?? .min)
    drop(before: minute - Self.minutes + 1)
    let (product, tooLarge) = price.wideCount.multipliedReportingOverflow(by: quantity.wideCount)
    let (sum, overflow) = cost.addingReportingOverflow(product)
    // Beyond what 128 bits hold no market exists: such a print is no price.
    guard !tooLarge, !overflow, quantity > .zero else { return }
    cost = sum
    volume += quantity.wideCount
    if let last = buckets.last, last.minute == minute {
      buckets[buckets.count - 1].cost += product
      buckets[buckets.count - 1].volume += quantity.wideCount
    } else {
      buckets.append(Bucket(minute: minute, cost: product, volume: quantity.wideCount))
    }
  }

  /// Nil while nothing traded.
  var price: Price? {
    guard volume > 0 else { return nil }
    do { return try Price(count: (cost + volume / 2) / volume) } catch { return nil }
  }

  private mutating func drop(before minute: Int64) {
    while head < buckets.count, buckets[head].minute < minute {
      cost -= buckets[head].cost
      volume -= buckets[head].volume
      head += 1
    }
    if head > Self.minutes {
      buckets.removeFirst(head)
      head = 0
    }
  }
}
