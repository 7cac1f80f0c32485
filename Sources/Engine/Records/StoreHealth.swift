import Synchronization
import TradingModel

/// Whether what must be written down is: one answer for all who write, and the only one that the
/// engine hears.
final class StoreHealth: Sendable {
  enum Part: Int, CaseIterable {
    /// Records that are committed before they are acted on.
    case durable
    /// What the journal writes by itself: records written behind, the chat's, the start.
    case journal
    case stateFiles
  }

  private let troubles = Mutex<[String?]>(Part.allCases.map { _ in nil })
  private let report: @Sendable (_ isWorking: Bool, _ detail: String) -> Void

  /// - Parameter report: Called when the answer changes, in the order of the changes: it must be
  ///   quick, and must not come back here.
  init(report: @escaping @Sendable (_ isWorking: Bool, _ detail: String) -> Void) {
    self.report = report
  }

  /// - Parameter trouble: In words; nil when all is well again.
  func set(_ part: Part, trouble: String?) {
    troubles.withLock { troubles in
      let before = Self.words(troubles)
      troubles[part.rawValue] = trouble
      let after = Self.words(troubles)
      // Told before the next change can be: what is told last is what holds.
      if before != after { report(after == nil, after ?? "") }
    }
  }

  private static func words(_ troubles: [String?]) -> String? {
    // A full disk is one trouble, however many meet it.
    let all = troubles.compactMap { $0 }.reduce(into: [String]()) { all, trouble in
      if !all.contains(trouble) { all.append(trouble) }
    }
    return all.isEmpty ? nil : all.joined(separator: "; ")
  }
}
