import Foundation
import TradingModel

/// A small file that is replaced whole: a reader sees the old content or the new, a crash leaves
/// one of the two.
struct AtomicFile: Sendable {
  let path: String

  private var directory: String { (path as NSString).deletingLastPathComponent }

  func replace(with text: String) throws(JournalError) {
    try makeDirectory()
    let draft = path + ".new"
    let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, Privacy.file)
    guard file >= 0 else { throw failure("open", draft) }
    do throws(JournalError) {
      // A draft that a crash left may be open to others.
      guard fchmod(file, Privacy.file) == 0 else { throw failure("close to others", draft) }
      try write(Array(text.utf8), to: file)
      guard fsync(file) == 0 else { throw failure("sync", draft) }
    } catch {
      _ = close(file)
      throw error
    }
    guard close(file) == 0 else { throw failure("close", draft) }
    guard rename(draft, path) == 0 else { throw failure("replace", path) }
    try syncDirectory()
  }

  func remove() throws(JournalError) {
    guard unlink(path) == 0 else {
      if errno == ENOENT { return }
      throw failure("remove", path)
    }
    try syncDirectory()
  }

  /// The content, at most 64 KiB of it, and when it was written; nil when there is no file.
  /// Content that can't be read is empty.
  func content() -> (data: Data, modifiedAt: Timestamp)? {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      // Not there for certain, or there and out of reach.
      return errno == ENOENT || errno == ENOTDIR ? nil : (Data(), Timestamp(seconds: 0))
    }
    let modifiedAt =
      Timestamp(seconds: Int64(facts.st_mtim.tv_sec)) + .nanoseconds(facts.st_mtim.tv_nsec)
    let data = FileHandle(forReadingAtPath: path).flatMap { try? $0.read(upToCount: 65_536) }
    return (data ?? Data(), modifiedAt)
  }

  private func write(_ bytes: [UInt8], to file: CInt) throws(JournalError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Foundation.write(file, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      written += count
    }
  }

  private func makeDirectory() throws(JournalError) {
    do {
      try Privacy.makeFolder(directory)
    } catch {
      throw .unwritable("\(directory): can't be made")
    }
  }

  /// Without it a rename may be forgotten in a power cut.
  private func syncDirectory() throws(JournalError) {
    let place = directory.isEmpty ? "." : directory
    let handle = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard handle >= 0 else { throw failure("open", place) }
    defer { _ = close(handle) }
    guard fsync(handle) == 0 else { throw failure("sync", place) }
  }

  private func failure(_ deed: String, _ path: String) -> JournalError {
    .unwritable("\(path): \(deed) failed, \(String(cString: strerror(errno)))")
  }
}
