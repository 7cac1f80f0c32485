import Synchronization
import TradingModel

/// Client ids of the stops and targets that we set: the id alone tells what an order is for, also
/// where the venue forgets to say.
///
/// Form: `qds-TIME-COUNTER` for a stop, `qdt-TIME-COUNTER` for a target; milliseconds and a counter
/// in base 36. No owner's tag begins so.
final class ProtectionIDs: Sendable {
  enum Purpose: String, Sendable {
    case stop = "qds-"
    case target = "qdt-"
  }

  private let counter = Atomic<UInt32>(0)

  func next(_ purpose: Purpose, at now: Timestamp) -> String {
    let count = counter.wrappingAdd(1, ordering: .relaxed).newValue
    let time = String(UInt64(max(0, now.milliseconds)), radix: 36)
    return "\(purpose.rawValue)\(time)-\(String(count, radix: 36))"
  }

  static func role(of clientID: String) -> Order.Role? {
    if clientID.hasPrefix(Purpose.stop.rawValue) { return .stop }
    if clientID.hasPrefix(Purpose.target.rawValue) { return .target }
    return nil
  }
}
