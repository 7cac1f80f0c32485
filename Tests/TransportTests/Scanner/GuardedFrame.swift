import Glibc

/// Bytes that end where a forbidden page begins: reading past them ends the program.
struct GuardedFrame {
  private let page = Int(sysconf(Int32(_SC_PAGESIZE)))
  private let start: UnsafeMutableRawPointer
  private let room: Int

  /// - Parameter room: The most bytes it will hold.
  init(room: Int) {
    self.room = (room + page - 1) / page * page
    guard
      let start = mmap(
        nil, self.room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      start != MAP_FAILED, mprotect(start + self.room, page, PROT_NONE) == 0
    else { preconditionFailure("no memory") }
    self.start = start
  }

  func free() { munmap(start, room + page) }

  func hold(_ bytes: some Collection<UInt8>) -> UnsafeRawBufferPointer {
    let target = UnsafeMutableRawBufferPointer(
      start: start + room - bytes.count, count: bytes.count)
    target.copyBytes(from: bytes)
    return UnsafeRawBufferPointer(target)
  }
}
