import Synchronization
import TradingModel

/// What a venue's streams told, in order, in short words: `link account up`, `gap`,
/// `order liq-1-1 filled`, `position BTCUSDT long 0.1`. Heartbeats are left out.
public final class EventBook: Sendable {
  public let chronicle = Chronicle()
  private let state = Mutex<[VenueEvent]>([])
  private let signs = Mutex<[LinkName]>([])

  public init() {}

  public var events: [VenueEvent] { state.withLock { $0 } }
  public var words: [String] { chronicle.lines }
  /// The links that gave a sign of life, in order.
  public var signsOfLife: [LinkName] { signs.withLock { $0 } }

  public var account: [AccountEvent] {
    events.compactMap { if case .account(let event) = $0 { event } else { nil } }
  }

  public var market: [MarketEvent] {
    events.compactMap { if case .market(let event) = $0 { event } else { nil } }
  }

  public func take(_ event: VenueEvent) {
    if case .heartbeat(let link, _, _) = event { return signs.withLock { $0.append(link) } }
    state.withLock { $0.append(event) }
    chronicle.write(event.words)
  }
}

extension VenueEvent {
  fileprivate var words: String {
    switch self {
    case .market(.liquidation(let event)): "liquidation \(event.symbol) \(event.closed)"
    case .market(.trade(let event)): "trade \(event.symbol)"
    case .market(.ticker(let event)): "ticker \(event.symbol)"
    case .account(.order(let order)): "order \(order.id) \(order.status)"
    case .account(.fill(let fill)): "fill \(fill.orderID)"
    case .account(.position(let key, let position, _)):
      "position \(key.symbol) "
        + (position.map { "\($0.side) \($0.quantity)" } ?? "flat")
    case .account(.wallet): "wallet"
    case .account(.transfer(let amount, _)): "transfer \(amount)"
    case .link(let name, _, _, let isUp, _): "link \(name) \(isUp ? "up" : "down")"
    case .heartbeat: "heartbeat"
    case .accountGap: "gap"
    }
  }
}
