import TradingModel

/// Orders as the venue sees them: each noted before it left, with the same content, and one for each
/// signal.
struct IDsAreUsedOnce: Invariant {
  static let name = "ids-used-once"
  static let sentence =
    "A client id stands for one order only, noted before it is sent, accepted once; a signal is "
    + "acted on once."

  private var noted: [ClientOrderID: OrderRequest] = [:]
  private var accepted: Set<ClientOrderID> = []
  private var orderOfSignal: [SignalID: ClientOrderID] = [:]

  init(_ plan: DayPlan) {}

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .intent(let order, let signal):
      if let known = noted.updateValue(order, forKey: order.id) {
        return "\(order.words) has the id of \(known.words)"
      }
      guard let signal else { return nil }
      if let known = orderOfSignal.updateValue(order.id, forKey: signal) {
        return "\(order.words) is for \(signal), as \(known) was"
      }
      return nil
    case .order(let order, let refusal):
      guard let meant = noted[order.id] else { return "\(order.words) was never noted" }
      guard meant == order else { return "\(order.words) was noted as \(meant.words)" }
      guard refusal == nil else { return nil }
      return accepted.insert(order.id).inserted ? nil : "\(order.words) was accepted twice"
    default: return nil
    }
  }
}
