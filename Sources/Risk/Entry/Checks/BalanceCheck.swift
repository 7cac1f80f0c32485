import TradingModel

extension EntryCheck {
  /// 10: a tradable size fits, and the balance covers its margin and the fees of both ways.
  static let balance = EntryCheck("balance") { entry in
    guard let wallet = entry.wallet else { return ["the balance is not known"] }
    var objections: [String] = []
    if wallet.balance < entry.settings.minimumBalance {
      objections.append(
        "balance \(wallet.balance) USDT, at least \(entry.settings.minimumBalance)")
    }
    switch entry.size {
    case .failure(let failure): objections.append(failure.reason)
    case .success(let size):
      let pending = entry.situation.pendingEntries.reduce(Notional.zero) {
        $0 + $1.notional.margin(leverage: $1.leverage)
      }
      let needed = size.margin + size.fees
      guard let available = wallet.available else {
        objections.append("what is free for new orders is not known")
        return objections
      }
      let free = available - pending
      if needed > free {
        objections.append(
          "margin and fees need \(needed.text(decimals: 2)) USDT, "
            + "\(free.text(decimals: 2)) are free")
      }
    }
    return objections
  }
}
