/// Repeatable chance for the ids that the loopback Binance makes up.
struct BinanceChance: Sendable, Hashable {
  private var state: UInt64

  /// The same name gives the same chance in every process.
  init(_ name: String) { state = Scatter.seed(of: name) }

  /// A whole number below `limit`, which is above zero.
  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Int(Scatter.mix(state) % UInt64(max(1, limit)))
  }
}
