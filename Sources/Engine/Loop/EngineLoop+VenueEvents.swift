import EngineCore
import TradingModel

extension EngineEvent.Body {
  /// What a venue's streams tell, as it reaches the engine.
  init(_ event: VenueEvent) {
    self =
      switch event {
      case .market(let event): .market(event)
      case .account(let event): .account(event)
      case .link(let name, let venue, let line, let isUp, let detail):
        .link(name, of: venue, on: line, isUp: isUp, detail: detail)
      case .heartbeat(let name, let venue, let line): .heartbeat(name, of: venue, on: line)
      case .accountGap: .accountGap
      }
  }
}

extension EngineLoop {
  /// What a venue's streams publish to: `streams.run(publish: loop.publish)`.
  public nonisolated func publish(_ event: VenueEvent) { deliver(EngineEvent.Body(event)) }
}
