import TradingModel

extension EntryCheck {
  /// All positions together, and this one, stay within their shares of equity.
  static let exposure = EntryCheck("exposure") { entry in
    // Without a wallet or a size the entry is refused already.
    guard let wallet = entry.wallet, case .success(let size) = entry.size else { return [] }
    let settings = entry.settings
    let watch = ExposureWatch(base: settings.exposureBase)
    let own = watch.weight(notional: size.notional, leverage: entry.intent.leverage)
    let all =
      watch.total(entry.situation.positions, entry.situation.pendingEntries) + own
    // What the symbol has already is one position with it.
    let symbol = entry.intent.symbol
    let position =
      watch.total(
        entry.situation.positions.filter { $0.position.symbol == symbol },
        entry.situation.pendingEntries.filter { $0.symbol == symbol }) + own
    let share = settings.maxPositionShare(of: entry.intent.engine)

    var objections: [String] = []
    func limit(_ what: String, _ weight: Notional, to share: Ratio) {
      guard !weight.isAtMost(share, of: wallet.equity) else { return }
      objections.append(
        "\(what) would be \(weight.text(decimals: 2)) USDT \(settings.exposureBase.rawValue), "
          + "at most \(share.percentDescription)% of \(wallet.equity.text(decimals: 2))")
    }
    limit("all positions", all, to: settings.maxExposure)
    limit("this position", position, to: share)
    return objections
  }
}
