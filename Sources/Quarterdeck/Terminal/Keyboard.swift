import Foundation

/// Lines typed at the terminal, until end of file.
enum Keyboard {
  /// Reading blocks, so it has a thread of its own, which ends with the process.
  static func lines() -> AsyncStream<String> {
    AsyncStream(bufferingPolicy: .bufferingOldest(64)) { continuation in
      Thread.detachNewThread {
        while let line = readLine(strippingNewline: true) { continuation.yield(line) }
        continuation.finish()
      }
    }
  }
}
