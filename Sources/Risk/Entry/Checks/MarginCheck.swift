import TradingModel

extension EntryCheck {
  /// Margin in use stays under the warning limit, this entry and those under way included.
  static let margin = EntryCheck("margin") { entry in
    let limit = entry.settings.marginEntryLimit
    guard let view = entry.situation.margin else { return ["margin in use is not known"] }
    let refuses = entry.settings.margin.mode == .tiers ? MarginWatch.State.blocked : .warned
    if entry.situation.marginState >= refuses || view.initialUse > limit {
      return [
        "\(view.initialUse.percentText(decimals: 1))% of margin in use, "
          + "not back under \(limit.percentDescription)% for good"
      ]
    }
    guard let wallet = entry.wallet, case .success(let size) = entry.size else { return [] }
    let added = entry.situation.pendingEntries.reduce(size.margin) {
      $0 + $1.notional.margin(leverage: $1.leverage)
    }
    do {
      let after = try view.initialUse + added.ratio(to: wallet.equity)
      guard after >= limit else { return [] }
      return [
        "\(after.percentText(decimals: 1))% of margin would be in use, "
          + "asked under \(limit.percentDescription)%"
      ]
    } catch {
      return ["margin after the entry can't be computed: \(error)"]
    }
  }
}
