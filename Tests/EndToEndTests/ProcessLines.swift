import Foundation
import Loopback
import Synchronization

/// What a process writes to one of its streams.
///
/// Read by a thread of its own, and by whoever wants to be sure of the end: neither a busy machine
/// nor somebody else who holds the pipe keeps back what was written.
final class ProcessLines: Sendable {
  /// The process writes into it.
  let pipe = Pipe()
  /// Bumped with every piece.
  let changes = ChangeSignal()
  private let written = Mutex<[UInt8]>([])

  init() {
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    Thread { [weak self, pipe] in
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      repeat {
        // Not for ever: nobody may be interested any more.
        _ = withExtendedLifetime(pipe) { poll(&wait, 1, 500) }
      } while self?.drain() == true
    }.start()
  }

  var bytes: [UInt8] { written.withLock { $0 } }
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Whole lines so far.
  var lines: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  /// The first line that holds `text`.
  @discardableResult
  func line(containing text: String, within limit: Duration) async throws -> String {
    try await lines(containing: text, count: 1, within: limit)[0]
  }

  /// Lines that hold `text`, once there are so many.
  @discardableResult
  func lines(
    containing text: String, count: Int, within limit: Duration
  ) async throws -> [String] {
    try await eventually("\(count) × \"\(text)\" on the console", on: changes, within: limit) {
      let found = self.lines.filter { $0.contains(text) }
      return found.count >= count ? found : nil
    }
  }

  /// Takes all that was written so far: everything, once the process has ended.
  /// - Returns: Whether more may come.
  @discardableResult
  func drain() -> Bool {
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    let (isNew, isOpen) = written.withLock { written in
      var isNew = false
      var piece = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(descriptor, &piece, piece.count)
        if count > 0 {
          written += piece.prefix(count)
          isNew = true
        } else if count == 0 || errno != EINTR {
          return (isNew, count < 0 && errno == EAGAIN)
        }
      }
    }
    if isNew { changes.bump() }
    return isOpen
  }
}
