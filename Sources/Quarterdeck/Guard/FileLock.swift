import Foundation
import Synchronization

/// A file that one process at a time holds. The lock is the operating system's: it ends with the
/// process, however that ends.
final class FileLock: Sendable {
  let path: String
  private let descriptor: Mutex<Int32>

  /// Opens the file, and makes it where it is missing; nothing is held yet.
  /// - Throws: `FileLockError` in the operating system's words.
  init(_ path: String) throws(FileLockError) {
    self.path = path
    let opened = Self.open(path)
    guard opened >= 0 else {
      throw FileLockError(why: "\(path) can't be opened: \(String(cString: strerror(errno)))")
    }
    descriptor = Mutex(opened)
  }

  deinit { descriptor.withLock { if $0 >= 0 { close($0) } } }

  /// Takes it if nobody has it. True, too, when it is held already.
  func take() -> Bool {
    descriptor.withLock { descriptor in
      for _ in 0..<3 {
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
        if Self.identity(of: descriptor) == Self.identity(at: path) { return true }
        // Moved away in the meantime: another process may hold the file that lies there now.
        close(descriptor)
        descriptor = Self.open(path)
      }
      return false
    }
  }

  func release() {
    descriptor.withLock { if $0 >= 0 { flock($0, LOCK_UN) } }
  }

  /// Overwrites the file in place: the lock hangs on this very file. What can't be written only
  /// costs others a clear word.
  func write(_ content: Data) {
    let bytes = [UInt8](content)
    descriptor.withLock { descriptor in
      guard descriptor >= 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
        return
      }
      _ = ftruncate(descriptor, off_t(bytes.count))
    }
  }

  /// Whether some process holds it now. Looks without writing; for the blink of that look nobody
  /// else can take it.
  static func isHeld(_ path: String) -> Bool {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// On a disk that can't be written, one that is there is locked all the same.
  private static func open(_ path: String) -> Int32 {
    let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    return descriptor >= 0 ? descriptor : Foundation.open(path, O_RDONLY | O_CLOEXEC)
  }

  private static func identity(of descriptor: Int32) -> FileIdentity? {
    var facts = stat()
    return fstat(descriptor, &facts) == 0 ? FileIdentity(facts) : nil
  }

  private static func identity(at path: String) -> FileIdentity? {
    var facts = stat()
    return stat(path, &facts) == 0 ? FileIdentity(facts) : nil
  }
}

struct FileLockError: Error, Hashable, Sendable {
  let why: String
}

/// Which file it is, whatever it is called.
private struct FileIdentity: Hashable {
  let device: UInt64
  let number: UInt64

  init(_ facts: stat) {
    device = UInt64(facts.st_dev)
    number = UInt64(facts.st_ino)
  }
}

extension FileLock {
  /// Whether that process holds it, as the kernel tells: a number in a file proves nothing, since
  /// numbers of processes are given again.
  ///
  /// Source: proc(5), `/proc/PID/fdinfo`: a `lock:` line for each lock that the descriptor holds.
  static func isHeld(_ path: String, by process: Int32) -> Bool {
    guard process > 0, let file = identity(at: path) else { return false }
    let folder = "/proc/\(process)"
    let numbers: [String]
    do { numbers = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/fd") } catch {
      return false
    }
    return numbers.contains { number in
      guard identity(at: "\(folder)/fd/\(number)") == file,
        let facts = FileManager.default.contents(atPath: "\(folder)/fdinfo/\(number)")
      else { return false }
      return String(decoding: facts, as: UTF8.self).split(separator: "\n")
        .contains { $0.hasPrefix("lock:") && $0.contains("FLOCK") && $0.contains("WRITE") }
    }
  }
}
