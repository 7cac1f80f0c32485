/// The stamp of one life of the program. It stands in every order id of that life, so that no two
/// lives ever give the same id. Decided once, at the start.
public enum BootStamp {
  private static let year2020 = Int64(1_577_836_800)

  /// The greater of the seconds since 2020 and the journal's last stamp + 1: unique over restarts,
  /// over a clock that went back and over a lost journal. Commit it before it is used.
  public static func next(after last: UInt64?, at now: Timestamp) -> UInt64 {
    max(seconds(at: now), last.map { $0 &+ 1 } ?? 0)
  }

  /// Instead of `stamp`, when that could not be committed: the next life may read the same last
  /// stamp, so this one must follow from the clock. Use it from `usableAt` on: a life that began
  /// in the same second and ended in it has used it for nothing then.
  public static func uncommitted(
    _ stamp: UInt64, at now: Timestamp
  ) -> (stamp: UInt64, usableAt: Timestamp) {
    let seconds = seconds(at: now)
    return (stamp > seconds ? stamp &+ seconds : stamp, Timestamp(seconds: now.seconds + 1))
  }

  private static func seconds(at now: Timestamp) -> UInt64 {
    UInt64(max(0, now.seconds - year2020))
  }
}
