import TradingModel

/// Figures in Prometheus' text format, version 0.0.4. One that is not known is left out: it is not
/// zero.
struct MetricsText {
  private(set) var text = ""

  enum Kind: String { case gauge, counter, histogram }

  mutating func gauge(_ name: String, _ help: String, _ value: String?) {
    guard let value else { return }
    head(name, help, .gauge)
    text += "\(name) \(value)\n"
  }

  /// One line for each label's value; none without values.
  mutating func family(
    _ name: String, _ help: String, _ kind: Kind, label: String,
    _ values: [(label: String, value: String)]
  ) {
    guard !values.isEmpty else { return }
    head(name, help, kind)
    for (value, figure) in values {
      text += "\(name){\(label)=\"\(Self.escaped(value))\"} \(figure)\n"
    }
  }

  mutating func counter(_ name: String, _ help: String, _ value: UInt64) {
    head(name, help, .counter)
    text += "\(name) \(value)\n"
  }

  mutating func histogram(_ name: String, _ help: String, _ histogram: LatencyHistogram) {
    head(name, help, .histogram)
    var sum: UInt64 = 0
    for (bound, count) in zip(LatencyHistogram.bounds, histogram.counts) {
      sum &+= count
      text += "\(name)_bucket{le=\"\(Self.seconds(bound))\"} \(sum)\n"
    }
    text += "\(name)_bucket{le=\"+Inf\"} \(histogram.count)\n"
    text += "\(name)_sum \(Self.seconds(histogram.sum))\n"
    text += "\(name)_count \(histogram.count)\n"
  }

  private mutating func head(_ name: String, _ help: String, _ kind: Kind) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  /// `0.000005`: digits as they are, no exponent.
  static func seconds(_ duration: Duration) -> String {
    let nanoseconds = duration.wholeNanoseconds
    let sign = nanoseconds < 0 ? "-" : ""
    let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    guard rest > 0 else { return "\(sign)\(whole)" }
    let digits = String(rest)
    var fraction = String(repeating: "0", count: 9 - digits.count) + digits
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(sign)\(whole).\(fraction)"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
