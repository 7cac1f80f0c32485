import TradingModel

/// One pass over the conditions of the liquidation engine.
struct LiquidationExamination {
  private enum Condition: String, CaseIterable {
    case source, enabled, age
    case size = "liquidation-size"
    case joined, price, vwap
    case distance = "vwap-distance"
    case instrument
  }

  private static let rangeCondition = "atr"

  let liquidation: Liquidation
  let settings: LiquidationSettings
  let signal: SymbolMarket
  let executing: SymbolMarket
  let instrument: Instrument?
  let range: Price?
  let now: Timestamp
  private(set) var look: Look

  init(
    _ liquidation: Liquidation, settings: LiquidationSettings, signal: SymbolMarket,
    executing: SymbolMarket, instrument: Instrument?, range: Price?, now: Timestamp
  ) {
    self.liquidation = liquidation
    self.settings = settings
    self.signal = signal
    self.executing = executing
    self.instrument = instrument
    self.range = range
    self.now = now
    look = Look(
      engine: .liquidation, symbol: liquidation.symbol, time: now, conditions: [], intent: nil)
    look.conditions.reserveCapacity(Condition.allCases.count)
  }

  mutating func run(joined: JoinedSignals) {
    look.intent = examine(joined: joined)
    for condition in Condition.allCases.dropFirst(look.conditions.count) {
      look.conditions.append(Look.Condition(condition.rawValue, .notReached))
    }
  }

  private mutating func examine(joined: JoinedSignals) -> Intent? {
    let parameters = settings.parameters(for: liquidation.symbol)
    let value = liquidation.value
    let age = now - liquidation.time
    let twin = joined.twin(of: liquidation)
    // A liquidated long was sold into the market: we take the other side of that sale.
    let bound = VWAPBound(liquidation.closed, parameters: parameters)

    guard
      check(
        .source, settings.source.includes(liquidation.venue),
        "\(liquidation.venue.rawValue), listening to \(settings.source.rawValue)"),
      check(.enabled, parameters.isEnabled, parameters.isEnabled ? "enabled" : "switched off"),
      // An event from the future says as little about now as an old one.
      check(
        .age, age.magnitude <= settings.eventMaxAge,
        "\(age.wholeMilliseconds) ms, at most \(settings.eventMaxAge.wholeMilliseconds) ms"),
      check(
        .size, value > parameters.minimumLiquidation,
        "\(value.text(decimals: 2)) USDT, asked more than \(parameters.minimumLiquidation)"),
      check(
        .joined, twin == nil,
        twin.map { "told by \($0.venue.title) at \($0.time.clockText) already" } ?? "first told"),
      let price = check(
        .price, settings.price(signal: signal, executing: executing, now: now),
        orElse: "no trade within \(settings.priceMaxAge.wholeSeconds) s"),
      let vwap = check(.vwap, settings.vwap(signal: signal, now: now), orElse: "not known"),
      check(
        .distance, bound.isBeyond(price, vwap: vwap), bound.text(price: price, vwap: vwap)),
      let levels = levels(entry: price)
    else { return nil }

    return Intent(
      id: signalID, engine: .liquidation, symbol: liquidation.symbol, side: liquidation.closed,
      price: price, stop: levels.stop, target: levels.target, trigger: parameters.exits.trigger,
      size: .shareOfBalance(parameters.orderSize, raiseLimit: settings.raiseLimit),
      leverage: parameters.leverage,
      reasons: [
        NamedValue("liquidated", liquidation.closed.rawValue),
        NamedValue(LiquidationEngine.venueReason, liquidation.venue.rawValue),
        NamedValue("liquidation", "\(value.text(decimals: 2)) USDT"),
        NamedValue("price", "\(price)"),
        NamedValue("vwap", "\(vwap)"),
        NamedValue("distance", bound.distanceText(price: price, vwap: vwap)),
      ],
      time: liquidation.time)
  }

  /// The same liquidation has the same id in every process and after every restart.
  private var signalID: SignalID {
    SignalID(
      [
        EngineName.liquidation.rawValue, liquidation.symbol.name, liquidation.venue.rawValue,
        liquidation.closed.rawValue, "\(liquidation.time.milliseconds)",
      ].joined(separator: ":"))
  }

  private mutating func levels(entry: Price) -> ExitLevels? {
    guard let instrument else {
      _ = check(.instrument, false, "the venue's rules are not known")
      return nil
    }
    let plan = settings.parameters(for: liquidation.symbol).exits
    let ground = ExitGround(side: liquidation.closed, averageEntry: entry, range: range)
    do {
      let levels = try plan.levels(ground, instrument: instrument)
      let target = levels.target.map { ", target \($0)" } ?? ""
      _ = check(.instrument, true, "stop \(levels.stop)\(target)")
      guard plan.usesRange else { return levels }
      return checkRange(plan.range) ? levels : nil
    } catch .rangeUnknown {
      _ = check(.instrument, true, "known")
      _ = checkRange(plan.range)
      return nil
    } catch {
      _ = check(.instrument, false, "no stop at \(entry): \(error)")
      return nil
    }
  }

  /// Asked only of a plan that is measured in ATR: one that is not known is never guessed.
  private mutating func checkRange(_ asked: RangeSettings) -> Bool {
    look.conditions.append(
      Look.Condition(
        Self.rangeCondition, range == nil ? .failed : .passed,
        range.map { "\(asked.title) is \($0)" }
          ?? "\(asked.title) is not known yet: no stop can be measured in it"))
    return range != nil
  }

  private mutating func check(_ condition: Condition, _ holds: Bool, _ detail: String) -> Bool {
    look.conditions.append(
      Look.Condition(condition.rawValue, holds ? .passed : .failed, detail))
    return holds
  }

  private mutating func check(
    _ condition: Condition, _ price: Price?, orElse problem: String
  ) -> Price? {
    _ = check(condition, price != nil, price?.description ?? problem)
    return price
  }
}
