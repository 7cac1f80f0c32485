import EngineCore
import Risk
import Strategies
import TestSupport
import TradingModel

/// Plays events to the engine, answers its effects from a scripted venue, and remembers them all.
struct Script {
  private(set) var engine: TradingEngine
  private(set) var effects: [Effect] = []
  var venue = ScriptedAccount()
  var now = Timestamp.noon
  /// Links that give no sign of life.
  var silent: Set<LinkName> = []
  /// Best bid and ask are told with the prices.
  var hasBooks = true
  /// How long the venue takes to read the account.
  var readDelay = Duration.zero
  private var readings: [(due: Timestamp, answer: EngineEvent.Body)] = []

  init(
    _ change: (inout EngineSettings) -> Void = { _ in }, restored: RestoredState = RestoredState(),
    at time: Timestamp = .noon, venue: ScriptedAccount = ScriptedAccount(),
    silent: Set<LinkName> = []
  ) {
    self.silent = silent
    var settings = EngineSettings.example
    settings.allowlist = ["BTCUSDT", "ETHUSDT"]
    change(&settings)
    engine = TradingEngine(settings: settings)
    now = time
    self.venue = venue
    send(.instruments(["BTCUSDT", "ETHUSDT", "SOLUSDT"].map { .example($0) }))
    send(.clockSkew(.zero))
    send(.restored(restored))
    pass(.milliseconds(200))
  }

  /// Delivers an event and everything that answers to it leads to. Returns those effects.
  @discardableResult
  mutating func send(_ body: EngineEvent.Body) -> [Effect] {
    let first = effects.count
    var waiting = [body]
    while !waiting.isEmpty {
      let led = engine.handle(EngineEvent(waiting.removeFirst(), at: now))
      effects += led
      for effect in led {
        let answers = venue.answers(to: effect, at: now)
        if case .readAccount = effect, readDelay > .zero {
          readings += answers.map { (now + readDelay, $0) }
        } else {
          waiting += answers
        }
      }
    }
    return Array(effects[first...])
  }

  @discardableResult
  mutating func command(
    _ number: Int64, _ deed: OperatorCommand.Deed, isResumed: Bool = false,
    at time: Timestamp? = nil
  ) -> [Effect] {
    send(
      .command(
        OperatorCommand(
          id: CommandID(number), deed: deed, by: "Ana", at: time ?? now, isResumed: isResumed)))
  }

  /// Lets time pass, tick by tick, with signs of life and prices.
  @discardableResult
  mutating func pass(_ duration: Duration, every step: Duration = .milliseconds(100)) -> [Effect] {
    let first = effects.count
    let end = now + duration
    while now < end {
      now = min(now + step, end)
      for link in [LinkName.account, .prices, .liquidations] where !silent.contains(link) {
        send(.heartbeat(link))
      }
      tellPrices()
      while let reading = readings.first, reading.due <= now {
        readings.removeFirst()
        send(reading.answer)
      }
      send(.tick)
    }
    return Array(effects[first...])
  }

  @discardableResult
  mutating func move(_ symbol: Symbol, to price: Price) -> [Effect] {
    let first = effects.count
    venue.move(symbol, to: price, now: now)
    tellPrices()
    return Array(effects[first...])
  }

  /// The market takes a limit of ours that rests, or a part of it.
  @discardableResult
  mutating func take(_ id: ClientOrderID, part: Quantity? = nil) -> [Effect] {
    let first = effects.count
    for event in venue.take(id, part: part, now: now) { send(event) }
    return Array(effects[first...])
  }

  private mutating func tellPrices() {
    for symbol in venue.prices.keys.sorted() {
      guard let price = venue.prices[symbol] else { continue }
      if !silent.contains(.prices) {
        send(
          .market(
            .ticker(
              Ticker(
                venue: .bybit, symbol: symbol, last: price, mark: price,
                bid: hasBooks ? price : nil, ask: hasBooks ? price : nil, time: now))))
      }
      send(
        .market(
          .ticker(
            Ticker(
              venue: .binance, symbol: symbol, last: price, vwap24h: twoPercent(above: price),
              time: now))))
    }
  }

  private func twoPercent(above price: Price) -> Price {
    do { return try price.scaled(by: .percent(102)) } catch { return price }
  }

  /// A long is liquidated far under the VWAP: the liquidation engine wants to buy.
  @discardableResult
  mutating func liquidate(_ symbol: Symbol = "BTCUSDT") -> [Effect] {
    send(
      .market(
        .liquidation(
          .example(symbol, price: venue.prices[symbol] ?? "1", quantity: "1", at: now))))
  }

  var snapshot: EngineSnapshot { engine.snapshot(at: now) }
}

extension EngineSettings {
  static let example = EngineSettings(
    venue: .bybit, signalVenue: .binance, environment: .loopback, isLive: false)
}

extension PositionView {
  /// As the journal has a long whose stop was set for its average entry.
  static func settled(at entry: Price, stop: Price) -> PositionView {
    PositionView(
      position: .example(entry: entry, stop: stop), owner: .engine(.liquidation), price: nil,
      profit: nil, isStopConfirmed: true, openedAt: .noon - .hours(1), protectedEntry: entry)
  }
}

extension [Effect] {
  var alerts: [Alert.News] {
    compactMap { if case .alert(let alert) = $0 { alert.news } else { nil } }
  }
  var records: [JournalRecord] {
    compactMap { if case .record(let record) = $0 { record } else { nil } }
  }
  var entries: [OrderRequest] {
    compactMap { if case .place(let order) = $0 { order.request } else { nil } }
  }
  var closes: [OrderRequest] {
    compactMap { if case .reduce(let order) = $0 { order.request } else { nil } }
  }
  /// Closes at market alone, and limits alone.
  var marketCloses: [OrderRequest] { closes.filter { $0.kind == .market } }
  var targets: [OrderRequest] { closes.filter { $0.kind != .market } }
  var cancels: [OrderReference] {
    compactMap { if case .cancel(let reference) = $0 { reference } else { nil } }
  }
  var protections: [ProtectionChange] {
    compactMap { if case .protect(let order) = $0 { order.change } else { nil } }
  }
  var files: [StateFile] {
    compactMap { if case .writeStateFile(let file) = $0 { file } else { nil } }
  }

  func outcome(of command: Int64) -> CommandOutcome? {
    outcomes(of: command).last
  }

  func outcomes(of command: Int64) -> [CommandOutcome] {
    compactMap { effect in
      guard case .progress(let progress) = effect, progress.id == CommandID(command),
        case .finished(let outcome) = progress.stage
      else { return nil }
      return outcome
    }
  }

  func report(of command: Int64) -> FlattenReport? {
    if case .flattened(let report)? = outcome(of: command) { report } else { nil }
  }

  /// The reasons of the signals that were refused.
  var refusals: [String] {
    records.flatMap { record -> [String] in
      if case .signal(_, let refusals) = record { refusals } else { [] }
    }
  }
}
