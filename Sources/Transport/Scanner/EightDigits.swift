/// Up to eight decimal digits, read at once: whether there are two or seven of them costs the same,
/// where a loop would be mispredicted at its end.
///
/// Source: D. Lemire, "Quickly parsing eight digits" (2018); the test for digits adds what carries
/// anything above 9 into a byte's high bit.
@usableFromInline
struct EightDigits {
  /// 0 to 9 in each byte up to `count`, the first digit lowest.
  @usableFromInline let values: UInt64
  /// How many digits there are before another byte or the end; 8 if there may be more.
  @usableFromInline let count: Int

  /// - Parameter limit: The end of what may be read.
  @inlinable
  @inline(__always)
  init(at position: UnsafePointer<UInt8>, before limit: UnsafePointer<UInt8>) {
    var bytes: UInt64 = 0
    if limit - position >= 8 {
      bytes = UInt64(
        littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self))
    } else {
      for index in 0..<(limit - position) {
        bytes |= UInt64(position[index]) &<< UInt64(8 * index)
      }
    }
    let differences = bytes ^ 0x3030_3030_3030_3030
    let others =
      ((differences | (differences &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080) &>> 7
    count = others.trailingZeroBitCount / 8
    // What lies below the first other byte; all of it when there is none.
    values = differences & ((others & (0 &- others)) &- 1)
  }

  /// The digits as a whole number; 0 for none.
  @inlinable
  @inline(__always)
  var whole: UInt64 { Self.number(values &<< UInt64(64 - 8 * count)) }

  /// The digits as places behind a point, in counts of 10⁻⁸.
  @inlinable
  @inline(__always)
  var places: UInt64 { Self.number(values) }

  /// Eight digits, the first in the lowest byte.
  @inlinable
  @inline(__always)
  static func number(_ digits: UInt64) -> UInt64 {
    let pairs = digits &* 10 &+ (digits &>> 8)
    let high = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let low = ((pairs &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (high &+ low) &>> 32
  }
}
