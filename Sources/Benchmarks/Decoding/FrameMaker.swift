import TradingModel

/// Frames as the venues send them, made up from a seed: fields, their order and their sizes are those
/// of live sessions, the numbers are chance.
struct FrameMaker {
  let chance: SplitMixChance
  private var sequence: Int64 = 18_521_288
  private var milliseconds: Int64 = 1_773_386_409_389

  init(seed: UInt64) { chance = SplitMixChance(seed: seed) }

  /// A number that grows.
  mutating func nextSequence() -> Int64 {
    sequence += 1
    return sequence
  }

  /// A time that goes on, in milliseconds.
  mutating func nextTime() -> Int64 {
    milliseconds += chance.number(1...120)
    return milliseconds
  }

  /// `70412.50`: around 70,000 on a tick of 0.1.
  func price() -> String {
    let tenths = chance.number(699_000...701_000)
    return "\(tenths / 10).\(tenths % 10)0"
  }

  /// `1.204`, and now and then `0`: the level is gone.
  func size(orNone: Bool = false) -> String {
    if orNone, chance.number(0...99) < 30 { return "0" }
    return thousandths(chance.number(1...9_999))
  }

  /// `0.007`.
  func thousandths(_ count: Int64) -> String {
    let rest = "\(1000 + count % 1000)".dropFirst()
    return "\(count / 1000).\(rest)"
  }

  /// `[["70412.50","1.204"],…]`.
  func levels(_ count: Int64) -> String {
    let rows = (0..<count).map { _ in #"["\#(price())","\#(size(orNone: true))"]"# }
    return "[\(rows.joined(separator: ","))]"
  }
}
