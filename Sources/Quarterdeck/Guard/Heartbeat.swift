import Foundation

/// Eight bytes in a mapped file by which another process sees that this one goes on: the time since
/// the machine was started, in nanoseconds, by a clock that stands still while it sleeps.
///
/// A store to memory asks neither the disk nor the journal, so that a full disk lets no healthy bot
/// look dead. The lowest bit says that nothing beats yet, or any more: the process starts or stops.
///
/// @unchecked Sendable: one aligned word, written whole.
final class Heartbeat: @unchecked Sendable {
  private static let length = 8
  private static let restBit: UInt64 = 1

  private let page: UnsafeMutableRawPointer

  /// Maps the file, and makes it where it is missing.
  ///
  /// Nil when that can't be done. Then the file is removed, too: an old beat that stands still would
  /// look like a process that hangs.
  init?(_ path: String) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    defer { if descriptor >= 0 { close(descriptor) } }
    // Reserved on the disk, so that a store finds its place whatever happens there.
    guard descriptor >= 0, ftruncate(descriptor, off_t(Self.length)) == 0,
      posix_fallocate(descriptor, 0, off_t(Self.length)) == 0,
      let page = mmap(nil, Self.length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      page != MAP_FAILED
    else {
      unlink(path)
      return nil
    }
    self.page = page
  }

  deinit { munmap(page, Self.length) }

  /// It goes on.
  func beat() { store(Uptime.nanoseconds & ~Self.restBit) }

  /// It starts or stops: a longer silence is no sign of trouble.
  func rest() { store(Uptime.nanoseconds | Self.restBit) }

  private func store(_ value: UInt64) { page.storeBytes(of: value.littleEndian, as: UInt64.self) }

  /// What stands in a file.
  struct Mark: Hashable, Sendable {
    let value: UInt64
    var isResting: Bool { value & Heartbeat.restBit != 0 }

    init(_ value: UInt64) { self.value = value }
  }

  /// Nil where there is none, or never was a beat.
  static func mark(in path: String) -> Mark? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var value: UInt64 = 0
    guard pread(descriptor, &value, length, 0) == length, value != 0 else { return nil }
    return Mark(UInt64(littleEndian: value))
  }
}

/// The time since the machine was started. It does not jump when the clock is set, and stands still
/// while the machine sleeps.
enum Uptime {
  static var nanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(clamping: time.tv_sec) * 1_000_000_000 + UInt64(clamping: time.tv_nsec)
  }

  static var now: Duration { .nanoseconds(Int64(clamping: nanoseconds)) }
}
