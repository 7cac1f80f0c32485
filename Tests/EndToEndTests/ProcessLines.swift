import Foundation
import Loopback
import Synchronization

/// What a process writes to one of its streams.
final class ProcessLines: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var isAtEnd = false
  }

  /// The process writes into it.
  let pipe = Pipe()
  /// Bumped with every piece, and at the end.
  let changes = ChangeSignal()
  private let state = Mutex(State())

  init() {
    pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let piece = handle.availableData
      if piece.isEmpty { handle.readabilityHandler = nil }
      self?.take(piece)
    }
  }

  var bytes: [UInt8] { state.withLock { $0.bytes } }
  var text: String { String(decoding: bytes, as: UTF8.self) }
  var isAtEnd: Bool { state.withLock { $0.isAtEnd } }

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

  private func take(_ piece: Data) {
    state.withLock { state in
      state.bytes += piece
      if piece.isEmpty { state.isAtEnd = true }
    }
    changes.bump()
  }
}
