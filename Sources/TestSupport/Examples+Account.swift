import TradingModel

// The example account of the chat's specification: three positions, a day at +3.05%.

extension PositionView {
  public static func example(
    _ position: Position = .example(), owner: Owner = .engine(.liquidation),
    profit: Notional? = "92.46", isStopConfirmed: Bool = true, openedAt: Timestamp? = nil
  ) -> PositionView {
    PositionView(
      position: position, owner: owner, price: position.markPrice, profit: profit,
      isStopConfirmed: isStopConfirmed, openedAt: openedAt)
  }
}

extension RoundTrip {
  public static func example(
    _ symbol: Symbol = "BTCUSDT", id: String = "liq-1-1", side: PositionSide = .long,
    quantity: Quantity = "0.12", entry: Price = "64210", exit: Price? = nil,
    realised: Notional = "0", fees: Notional = "0", openedAt: Timestamp = .noon,
    closedAt: Timestamp? = nil, reasonOut: String = ""
  ) -> RoundTrip {
    RoundTrip(
      id: id, key: PositionKey(symbol), side: side, owner: .engine(.liquidation),
      openedAt: openedAt, closedAt: closedAt, quantity: quantity, averageEntry: entry,
      averageExit: exit, realised: realised, fees: fees, reasonOut: reasonOut)
  }
}

extension DayView {
  public static func example() -> DayView {
    DayView(
      baseline: DayBaseline(
        day: Timestamp.noon.day, equity: "10240", takenAt: Timestamp.noon.day.start,
        isLate: false),
      equity: "10552.30", net: "312.30", result: "0.03049805", realised: "201.40",
      unrealised: "124.78", fees: "11.62", funding: "2.26", won: 4, lost: 2,
      best: .example("SOLUSDT", realised: "88.10"),
      worst: .example("DOGEUSDT", realised: "-21.35"),
      byOwner: [
        OwnerResult(owner: .engine(.liquidation), net: "171.20"),
        OwnerResult(owner: .engine(.density), net: "96.40"),
        OwnerResult(owner: .engine(.momentum), net: "44.70"),
      ])
  }
}

extension EngineSnapshot {
  /// - Parameter time: When it is looked at; ages in it are counted back from there.
  public static func example(at time: Timestamp = .noon) -> EngineSnapshot {
    EngineSnapshot(
      time: time, venue: .bybit, environment: .mainnet, isLive: true, state: .running,
      wallet: .known(.example(equity: "10552.30"), at: time), day: .example(),
      margin: MarginView(
        initialUse: "0.364", maintenanceUse: nil, source: .sum, exposure: "1.82"),
      worstCase: WorstCase(equity: "10051.42", net: "-188.58", result: "-0.01841602"),
      positions: [
        .example(openedAt: time - .minutes(134)),
        .example(
          .example(
            "ETHUSDT", quantity: "1.5", entry: "3220", mark: "3200.75", stop: "3140",
            target: nil), profit: "-28.88", openedAt: time - .minutes(20)),
        .example(
          .example(
            "SOLUSDT", quantity: "45", entry: "142", mark: "143.36", stop: "139.5",
            target: nil), profit: "61.20", openedAt: time - .minutes(60)),
      ],
      entryOrders: 4, protectiveOrders: 6,
      modules: [
        ModuleView(name: .liquidation, state: .on), ModuleView(name: .density, state: .on),
        ModuleView(name: .momentum, state: .on),
        ModuleView(name: .confluence, state: .paused(until: time + .minutes(38))),
      ],
      links: [
        LinkView(
          name: .account, venue: .bybit, isUp: true, heardAt: time - .milliseconds(200)),
        LinkView(
          name: .liquidations, venue: .binance, isUp: true, heardAt: time - .milliseconds(1100)),
      ],
      allowlist: ["BTCUSDT", "ETHUSDT", "SOLUSDT"])
  }
}

extension [Instrument] {
  /// Symbols as Bybit trades them.
  public static let examples: [Instrument] = [
    .example("BTCUSDT"), .example("ETHUSDT", tick: "0.01", step: "0.01", minimum: "0.01"),
    .example("SOLUSDT", tick: "0.01", step: "0.1", minimum: "0.1"),
    .example("SOLVUSDT", tick: "0.0001", step: "1", minimum: "1"),
    .example("XRPUSDT", tick: "0.0001", step: "0.1", minimum: "0.1"),
    .example("DOGEUSDT", tick: "0.00001", step: "1", minimum: "1"),
  ]
}
