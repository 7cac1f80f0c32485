import TradingModel

/// One look at the program, shared by all who want one at the same time. An engine that does not
/// answer costs each caller its patience, and is asked once.
actor Glance {
  struct View: Sendable, Hashable {
    var snapshot: EngineSnapshot
    var instruments: [Instrument]
    var figures: EngineFigures
  }

  static let patience = Duration.seconds(2)

  private let ports: ControlPorts
  private var isAsking = false
  private var waiters: [Once<View>] = []

  init(_ ports: ControlPorts) { self.ports = ports }

  /// Nil when the engine does not answer.
  func look() async -> View? {
    let clock = ports.clock
    return await withCheckedContinuation { continuation in
      let once = Once(continuation)
      waiters.append(once)
      if waiters.count > 100 { waiters.removeFirst().resume(nil) }
      Task {
        do { try await clock.sleep(for: Self.patience) } catch { return once.resume(nil) }
        once.resume(nil)
      }
      ask()
    }
  }

  private func ask() {
    guard !isAsking else { return }
    isAsking = true
    // On its own: a stuck engine would keep whoever waits for it.
    Task {
      let snapshot = await ports.bus.snapshot()
      let instruments = await ports.bus.instruments()
      take(
        View(
          snapshot: snapshot, instruments: instruments, figures: await ports.engineFigures()))
    }
  }

  private func take(_ view: View) {
    isAsking = false
    let waiting = waiters
    waiters = []
    for waiter in waiting { waiter.resume(view) }
  }
}
