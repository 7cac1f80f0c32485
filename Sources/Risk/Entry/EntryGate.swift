import TradingModel

/// Why the gate said no: the check that failed, and what it saw against what was asked.
public struct Refusal: Sendable, Hashable, Codable, CustomStringConvertible {
  /// A stable key to count by: `signal-age`, `lock`.
  public var check: String
  public var text: String

  public init(check: String, text: String) {
    self.check = check
    self.text = text
  }

  public var description: String { "\(check): \(text)" }
}

/// What became of an intent.
public enum Verdict: Sendable, Hashable {
  case approved(ApprovedOrder)
  /// Every check that failed, in the order of the checks.
  case refused([Refusal])
}

/// Stands between every signal and the money: the only maker of an `ApprovedOrder`.
public struct EntryGate: Sendable {
  public let settings: RiskSettings

  public init(settings: RiskSettings) { self.settings = settings }

  /// Sizes the intent and puts it to every check.
  ///
  /// - Parameters:
  ///   - id: What the order is to be called if it leaves.
  ///   - situation: What is known at this moment.
  /// - Returns: A market order with its stop and target attached, or every reason against it.
  public func review(
    _ intent: Intent, id: ClientOrderID, in situation: Situation
  ) -> Verdict {
    let candidate = Candidate(intent, in: situation, settings: settings)
    let refusals = EntryCheck.all.flatMap { check in
      check.objections(candidate).map { Refusal(check: check.key, text: $0) }
    }
    // The balance check has refused what could not be sized.
    guard refusals.isEmpty, case .success(let size) = candidate.size else {
      return .refused(refusals)
    }
    return .approved(ApprovedOrder(candidate.request(id: id, size: size), for: intent))
  }
}
