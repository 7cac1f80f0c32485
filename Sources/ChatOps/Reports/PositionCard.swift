import Chat
import TradingModel

/// One position in five lines.
struct PositionCard {
  let view: PositionView
  let scene: Scene
  private var position: Position { view.position }
  private var symbol: Symbol { view.position.symbol }
  private var words: Words { scene.words }

  func blocks(number: Int, of total: Int) -> [Block] {
    var lines = [title(number: number, of: total), Line(size), Line(profit), Line(exits)]
    if let liquidation { lines.append(Line(liquidation)) }
    lines.append(protection)
    return lines.map { .line($0) }
  }

  private func title(number: Int, of total: Int) -> Line {
    let leverage = position.leverage.map { " \(Figures.exact($0))x" } ?? ""
    let rest = " · \(words.word(position.side))\(leverage) · \(view.owner.title)"
    return Line([.plain("\(number)/\(total) "), .bold(symbol.name), .plain(rest)])
  }

  private var size: String {
    let now = view.price.map { scene.price($0, of: symbol) } ?? words(.unknown)
    return
      "\(scene.quantity(position.quantity, of: symbol)) @ "
      + "\(scene.price(position.entryPrice, of: symbol)) → \(now)"
  }

  private var profit: String {
    guard let profit = view.profit else { return words(.profitUnknown) }
    let cost = position.entryPrice * position.quantity
    let share = Shares.of(profit, in: cost).map {
      " (\(Figures.signedPercent($0, decimals: 2)))"
    }
    return words(.profitLine, ["profit": Figures.gain(profit), "share": share ?? ""])
  }

  private var exits: String {
    words(
      .exitsLine,
      [
        "stop": position.stop.map(level) ?? words(.none),
        "target": position.target.map(level) ?? words(.none),
      ])
  }

  private var liquidation: String? {
    position.liquidationPrice.map { words(.liquidationLine, ["price": level($0)]) }
  }

  /// `63,250.0 (−2.7%)`: a price and how far from the market it lies.
  private func level(_ price: Price) -> String {
    let text = scene.price(price, of: symbol)
    guard let market = view.price,
      let share = Shares.of(price.wideCount - market.wideCount, in: market.wideCount)
    else { return text }
    return "\(text) (\(Figures.signedPercent(share, decimals: 1)))"
  }

  private var protection: Line {
    guard position.stop != nil else { return .bold(words(.noStopOnExchange)) }
    let age = view.openedAt.map { words(.openFor, ["age": words.age(scene.now - $0)]) + " · " }
    let stop = words(
      view.isStopConfirmed ? .stopConfirmed : .stopNotConfirmed, ["venue": scene.venue])
    return Line((age ?? "") + stop)
  }
}
