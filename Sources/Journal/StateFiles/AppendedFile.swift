import Foundation
import TradingModel

/// A file of lines that only grows. A crash in the middle of a line leaves that line alone.
struct AppendedFile: Sendable {
  /// How much of the end is looked at.
  private static let reach = 65_536

  let path: String

  /// Adds a line, and before the first one the header.
  ///
  /// - Parameters:
  ///   - line: Without a line feed.
  ///   - unless: A whole line that begins so is there already: then nothing is added.
  func append(
    _ line: String, header: String? = nil, unless mark: String? = nil
  ) throws(JournalError) {
    let folder = (path as NSString).deletingLastPathComponent
    do {
      try Privacy.makeFolder(folder)
    } catch {
      throw .unwritable("\(folder): can't be made")
    }
    let file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, Privacy.file)
    guard file >= 0 else { throw failure("open") }
    defer { _ = close(file) }
    let (end, isEmpty) = try tail(of: file)
    let lines = end.split(separator: "\n", omittingEmptySubsequences: false)
    // The last piece is what follows the last line feed: a line that a crash cut off, or nothing.
    if let mark, lines.dropLast().contains(where: { $0.hasPrefix(mark) }) { return }
    let start = isEmpty ? header.map { $0 + "\n" } ?? "" : lines.last?.isEmpty == false ? "\n" : ""
    try write(Array("\(start)\(line)\n".utf8), to: file)
    guard fsync(file) == 0 else { throw failure("sync") }
  }

  private func tail(of file: CInt) throws(JournalError) -> (text: String, isEmpty: Bool) {
    let size = lseek(file, 0, SEEK_END)
    guard size >= 0 else { throw failure("read") }
    var bytes = [UInt8](repeating: 0, count: min(Int(size), Self.reach))
    var filled = 0
    while filled < bytes.count {
      let offset = off_t(Int(size) - bytes.count + filled)
      let count = bytes[filled...].withUnsafeMutableBytes {
        pread(file, $0.baseAddress, $0.count, offset)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("read") }
      filled += count
    }
    return (String(decoding: bytes, as: UTF8.self), size == 0)
  }

  private func write(_ bytes: [UInt8], to file: CInt) throws(JournalError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Foundation.write(file, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write") }
      written += count
    }
  }

  private func failure(_ deed: String) -> JournalError {
    .unwritable("\(path): \(deed) failed, \(String(cString: strerror(errno)))")
  }
}
