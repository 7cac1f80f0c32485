import TradingModel

/// The engine's bus, with an ear on it: what persons' commands come to, and what is told.
struct WatchedBus: CommandBus {
  let bus: any CommandBus
  let flaws: Flaws
  let happen: @Sendable (Happening) -> Void

  func submit(_ command: OperatorCommand) async {
    happen(.submitted(command))
    if let command = flaws.command(command) { await bus.submit(command) }
  }

  func snapshot() async -> EngineSnapshot { await bus.snapshot() }
  func instruments() async -> [Instrument] { await bus.instruments() }

  var progress: AsyncStream<CommandProgress> {
    relayed(bus.progress) { [happen, flaws] step in
      happen(.progress(step))
      return flaws.progress(step)
    }
  }

  var alerts: AsyncStream<Alert> {
    relayed(bus.alerts) { [happen] alert in
      happen(.alert(alert))
      return [alert]
    }
  }

  private func relayed<Element: Sendable>(
    _ stream: AsyncStream<Element>, _ pass: @escaping @Sendable (Element) -> [Element]
  ) -> AsyncStream<Element> {
    let relay = Relay(stream)
    return AsyncStream { await relay.next(pass) }
  }
}

/// Unchecked, as `TurnQueue` explains: it belongs to the day's thread.
private final class Relay<Element: Sendable>: @unchecked Sendable {
  private var iterator: AsyncStream<Element>.AsyncIterator
  private var ready: [Element] = []

  init(_ stream: AsyncStream<Element>) { iterator = stream.makeAsyncIterator() }

  func next(_ pass: @Sendable (Element) -> [Element]) async -> Element? {
    while ready.isEmpty {
      guard let element = await iterator.next(isolation: nil) else { return nil }
      ready = pass(element)
    }
    return ready.removeFirst()
  }
}
