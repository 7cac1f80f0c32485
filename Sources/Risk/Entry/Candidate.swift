import TradingModel

/// An intent before the gate: with its situation, its limits, and the size it would have.
struct Candidate {
  /// What an entry would buy and tie up.
  struct Size {
    let quantity: Quantity
    /// At the price it was sized against.
    let notional: Notional
    let margin: Notional
    /// Taker fees of the way in and the way out.
    let fees: Notional
  }

  /// Why there is no size.
  struct Unsizable: Error {
    let reason: String
  }

  let intent: Intent
  let situation: Situation
  let settings: RiskSettings
  let size: Result<Size, Unsizable>

  init(_ intent: Intent, in situation: Situation, settings: RiskSettings) {
    self.intent = intent
    self.situation = situation
    self.settings = settings
    size = Result { () throws(Unsizable) in
      try Self.size(of: intent, in: situation, settings: settings)
    }
  }

  /// The price to judge and size by: the market where it is known, else what the engine saw.
  var entryPrice: Price { situation.marketPrice ?? intent.price }
  var wallet: Wallet? { situation.wallet.value }
  var owner: Owner { .engine(intent.engine) }

  func request(id: ClientOrderID, size: Size) -> OrderRequest {
    OrderRequest(
      id: id, symbol: intent.symbol, slot: situation.positionMode.slot(for: intent.side),
      side: intent.side.opening, quantity: size.quantity, kind: .market, stop: intent.stop,
      target: intent.target, trigger: intent.trigger)
  }

  private static func size(
    of intent: Intent, in situation: Situation, settings: RiskSettings
  ) throws(Unsizable) -> Size {
    guard let instrument = situation.instrument else {
      throw Unsizable(reason: "the venue's rules for \(intent.symbol) are not known")
    }
    guard instrument.isTrading else {
      throw Unsizable(reason: "\(intent.symbol) is not trading on the venue")
    }
    guard let wallet = situation.wallet.value else {
      throw Unsizable(reason: "the balance is not known")
    }
    guard intent.leverage >= .one, intent.leverage <= instrument.maxLeverage else {
      throw Unsizable(
        reason: "leverage \(intent.leverage), allowed 1 to \(instrument.maxLeverage)")
    }
    let price = situation.marketPrice ?? intent.price
    let balance = settings.equityCap.map { min($0, wallet.balance) } ?? wallet.balance
    do {
      let quantity: Quantity
      switch intent.size {
      case .shareOfBalance(let share, let raiseLimit):
        let budget = try balance.scaled(by: share).scaled(by: intent.leverage)
        quantity = try instrument.quantity(for: budget, at: price, raisingUpTo: raiseLimit)
      }
      let notional = price * quantity
      return Size(
        quantity: quantity, notional: notional,
        margin: notional.margin(leverage: intent.leverage),
        fees: try notional.scaled(by: settings.takerFee + settings.takerFee))
    } catch let error as SizingError {
      throw Unsizable(reason: error.words)
    } catch {
      throw Unsizable(reason: "no size can be computed: \(error)")
    }
  }
}

extension SizingError {
  fileprivate var words: String {
    switch self {
    case .belowMinimum(let intended, let smallest):
      "the size comes to \(intended), the venue takes at least \(smallest)"
    case .aboveMaximum(let maximum): "the venue takes at most \(maximum) at market"
    case .unusable(let error): "no size can be computed: \(error)"
    }
  }
}
