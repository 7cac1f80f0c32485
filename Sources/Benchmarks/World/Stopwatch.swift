import Foundation

/// The clocks that a measurement reads; neither can be set.
enum Stopwatch {
  /// Since the machine started, in nanoseconds: one clock for all its programs.
  static var wall: Int64 { read(CLOCK_MONOTONIC) }

  /// What this thread has computed, in nanoseconds: others on the machine do not count.
  static var threadCPU: Int64 { read(CLOCK_THREAD_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
