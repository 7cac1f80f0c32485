import Synchronization
import TradingModel

/// Whether what must be written down is: one answer for the journal and the state files.
final class StoreHealth: Sendable {
  enum Part: Int, CaseIterable { case journal, stateFiles }

  private let troubles = Mutex<[String?]>(Part.allCases.map { _ in nil })
  private let report: @Sendable (_ isWorking: Bool, _ detail: String) -> Void

  /// - Parameter report: Called when the answer changes.
  init(report: @escaping @Sendable (_ isWorking: Bool, _ detail: String) -> Void) {
    self.report = report
  }

  /// - Parameter trouble: In words; nil when all is well again.
  func set(_ part: Part, trouble: String?) {
    let change: String?? = troubles.withLock { troubles in
      let before = Self.words(troubles)
      troubles[part.rawValue] = trouble
      let after = Self.words(troubles)
      return before == after ? nil : .some(after)
    }
    if let change { report(change == nil, change ?? "") }
  }

  private static func words(_ troubles: [String?]) -> String? {
    let all = troubles.compactMap { $0 }
    return all.isEmpty ? nil : all.joined(separator: "; ")
  }
}

extension JournalError {
  var words: String {
    switch self {
    case .unwritable(let why), .unreadable(let why): why
    }
  }
}
