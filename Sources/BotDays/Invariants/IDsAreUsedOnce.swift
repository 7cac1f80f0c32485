import TradingModel

/// Orders as the venue sees them: each noted before it left, with the same content, and one for each
/// signal.
struct IDsAreUsedOnce: Invariant {
  static let name = "ids-used-once"
  static let sentence =
    "A client id stands for one order only, noted before it is sent, accepted once; a signal is "
    + "acted on once, but for one more order where the venue refused the first for good."

  private var noted: [ClientOrderID: OrderRequest] = [:]
  private var accepted: Set<ClientOrderID> = []
  private var ordersOfSignal: [SignalID: [ClientOrderID]] = [:]
  private var signalOfOrder: [ClientOrderID: SignalID] = [:]

  init(_ plan: DayPlan) {}

  mutating func see(_ happening: Happening, in day: BotDay) -> String? {
    switch happening {
    case .intent(let order, let signal):
      if let known = noted.updateValue(order, forKey: order.id) {
        return "\(order.words) has the id of \(known.words)"
      }
      guard let signal else { return nil }
      let known = ordersOfSignal[signal, default: []]
      ordersOfSignal[signal] = known + [order.id]
      signalOfOrder[order.id] = signal
      // A slot or a rule that the bot got wrong is put right, once.
      guard known.count > 1 || known.contains(where: accepted.contains) else { return nil }
      return "\(order.words) is for \(signal), as \(known) were"
    case .order(let order, let refusal):
      guard let meant = noted[order.id] else { return "\(order.words) was never noted" }
      guard meant == order else { return "\(order.words) was noted as \(meant.words)" }
      guard refusal == nil else { return nil }
      guard accepted.insert(order.id).inserted else { return "\(order.words) was accepted twice" }
      guard let signal = signalOfOrder[order.id],
        let other = ordersOfSignal[signal]?.first(where: { $0 != order.id && accepted.contains($0) }
        )
      else { return nil }
      return "\(order.words) is the second order for \(signal), after \(other)"
    default: return nil
    }
  }
}
