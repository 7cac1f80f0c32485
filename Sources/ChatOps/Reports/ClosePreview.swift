import Chat
import TradingModel

/// What a close would do, before it is done.
struct ClosePreview {
  /// Nil is all of it, with smaller shares offered.
  let share: Ratio?
  let scene: Scene
  private var words: Words { scene.words }
  private var shown: Ratio { share ?? .one }

  /// Which positions? All first.
  func question() throws(Objection) -> Screen {
    let open = CloseScope.all.positions(in: scene.snapshot).filter(\.isToBeClosed)
    guard !open.isEmpty else {
      guard scene.snapshot.isReconciled else { return unknown(.all) }
      throw .refused(Screen([words(.nothingOpen)]))
    }
    let percent = share.map { " \(Figures.limit($0))" } ?? ""
    var choices = [
      [
        Choice(
          words(.buttonCloseAllOf, ["count": "\(open.count)"]), .turn("close", "all\(percent)"))
      ]
    ]
    let buttons = open.prefix(12).map { view in
      Choice(
        words(.buttonOne, ["symbol": String(view.position.symbol.base)]),
        .turn("close", view.position.symbol.name + percent))
    }
    for start in stride(from: 0, to: buttons.count, by: 3) {
      choices.append(Array(buttons[start..<min(start + 3, buttons.count)]))
    }
    return Screen([words(.closeWhich)] + open.prefix(12).map(summary), choices: choices)
  }

  func screen(for scope: CloseScope) throws(Objection) -> Screen {
    let positions = scope.positions(in: scene.snapshot).filter {
      $0.isToBeClosed || scope.isNamed
    }
    guard let first = positions.first else {
      guard scene.snapshot.isReconciled else { return unknown(scope) }
      throw .refused(Screen([nothing(in: scope)]))
    }
    return positions.count == 1 ? one(first, scope) : several(positions, scope)
  }

  /// What is open is not known: it is read first, and what is found is closed.
  private func unknown(_ scope: CloseScope) -> Screen {
    var question = words(.closeUnknown)
    if case .symbols(let symbols) = scope {
      question = words(
        .closeUnknownIn, ["symbols": symbols.map(\.name).joined(separator: ", ")])
    }
    return Screen(
      [.line(.bold(question)), .line(Line(words(.positionsUnknown)))] + footer,
      choices: [
        [confirm(scope, shown, words(.buttonCloseShare, ["share": Figures.limit(shown)]))],
        [Choice(words(.buttonKeep), .keep)],
      ])
  }

  private func nothing(in scope: CloseScope) -> String {
    switch scope {
    case .symbols(let symbols):
      words(.nothingOpenIn, ["symbols": symbols.map(\.name).joined(separator: ", ")])
    case .losers: words(.noLosers)
    case .winners: words(.noWinners)
    case .all: words(.nothingOpen)
    }
  }

  private func one(_ view: PositionView, _ scope: CloseScope) -> Screen {
    let position = view.position
    let symbol = position.symbol
    var lines: [Block] = [.line(.bold(words(.closeOne, ["symbol": symbol.name])))]
    lines.append(
      line(
        .closeOrder,
        [
          "side": words(position.side.closing == .sell ? .sell : .buy),
          "quantity": scene.quantity(closing(position), of: symbol),
          "share": Figures.limit(done(position)),
        ]))
    if let raise = raise(position) { lines.append(raise) }
    lines.append(line(.closeEstimate, estimate(of: view)))
    if shown == .one, let orders = protection(of: position) { lines.append(orders) }
    let module = activeModule(of: view.owner)
    if let module { lines.append(line(.moduleStaysOn, ["module": module.rawValue])) }
    lines += footer
    var choices = [
      [confirm(scope, shown, words(.buttonCloseShare, ["share": Figures.limit(done(position))]))]
    ]
    if share == nil {
      // A button does what is written on it: what the smallest order would make more is not offered.
      choices[0] += [50, 25].filter { !isRaised(position, .percent($0)) }.map { percent in
        Choice("\(percent)%", .confirm(.close(scope, share: .percent(percent), thenPause: false)))
      }
      if module != nil {
        choices.append([
          Choice(
            words(.buttonCloseAndPauseModule),
            .confirm(.close(scope, share: .one, thenPause: true)),
            style: .danger)
        ])
      }
    }
    return Screen(lines, choices: choices + [[Choice(words(.buttonKeep), .keep)]])
  }

  /// The module that holds the position, when it may enter again.
  private func activeModule(of owner: Owner) -> EngineName? {
    guard case .engine(let name) = owner else { return nil }
    return switch scene.snapshot.modules.first(where: { $0.name == name })?.state {
    case .paused, .off: nil
    case .on, .idle, nil: name
    }
  }

  private func several(_ positions: [PositionView], _ scope: CloseScope) -> Screen {
    let count = "\(positions.count)"
    var lines: [Block] = [.line(.bold(words(.closeSeveral, ["count": count])))]
    if shown != .one { lines.append(line(.shareOfEach, ["share": Figures.limit(shown)])) }
    lines += positions.prefix(20).map { .line(Line(summary(of: $0))) }
    if positions.count > 20 {
      lines.append(line(.andMore, ["count": "\(positions.count - 20)"]))
    }
    lines += positions.prefix(20).compactMap { raise($0.position) }
    lines.append(line(.sumLine, ["sum": Sums.profit(of: positions, words)]))
    lines += footer
    var choices = [
      [confirm(scope, shown, words(.buttonCloseCount, ["count": count]))]
    ]
    if share == nil {
      choices.append([
        Choice(
          words(.buttonCloseAndPauseAll, ["count": count]),
          .confirm(.close(scope, share: .one, thenPause: true)), style: .danger)
      ])
    }
    var last = [Choice(words(.buttonKeep), .keep)]
    if scope == .all, !CloseScope.losers.positions(in: scene.snapshot).isEmpty {
      last.insert(Choice(words(.buttonLosersOnly), .turn("close", "losers")), at: 0)
    }
    return Screen(lines, choices: choices + [last])
  }

  private func confirm(_ scope: CloseScope, _ share: Ratio, _ label: String) -> Choice {
    Choice(label, .confirm(.close(scope, share: share, thenPause: false)), style: .danger)
  }

  private var footer: [Block] {
    var lines: [Block] = []
    if case .unknown(let since, _) = scene.snapshot.wallet {
      lines.append(.line(words.line(.accountNotReadSince, ["time": .clock(since)])))
    }
    return lines + [line(.validFor, ["age": words.age(.seconds(30))])]
  }

  /// `BTCUSDT LONG 0.120 +92.46`
  private func summary(of view: PositionView) -> String {
    let position = view.position
    let profit = view.profit.map { Figures.gain($0) } ?? words(.unknown)
    return "\(position.symbol) \(words.word(position.side)) "
      + "\(scene.quantity(position.quantity, of: position.symbol)) \(profit)"
  }

  /// What the engine will close.
  private func closing(_ position: Position, _ share: Ratio? = nil) -> Quantity {
    position.quantity.closing(share ?? shown, under: scene.book[position.symbol])
  }

  /// The venue's smallest order makes it more than the share.
  private func isRaised(_ position: Position, _ share: Ratio? = nil) -> Bool {
    do {
      return try closing(position, share) > position.quantity.scaled(by: share ?? shown)
    } catch {
      return false
    }
  }

  /// The share that goes in truth, to a tenth of a percent where it is not the one that was asked for.
  private func done(_ position: Position) -> Ratio {
    guard isRaised(position) else { return shown }
    do {
      let exact = try closing(position).ratio(to: position.quantity)
      let tenth = Ratio.basisPoints(10).wideCount
      return Ratio(uncheckedCount: exact.wideCount / tenth * tenth)
    } catch {
      return shown
    }
  }

  /// `SOLUSDT: 5 of 20, as Bybit takes no order under 5`
  private func raise(_ position: Position) -> Block? {
    guard isRaised(position), let rules = scene.book[position.symbol] else { return nil }
    let symbol = position.symbol
    return line(
      .closeRaised,
      [
        "symbol": symbol.name, "quantity": scene.quantity(closing(position), of: symbol),
        "whole": scene.quantity(position.quantity, of: symbol),
        "least": scene.quantity(rules.minQuantity, of: symbol),
        "venue": scene.snapshot.venue.title,
      ])
  }

  /// What the part that is closed stands at.
  private func profit(of view: PositionView) -> Notional? {
    guard shown != .one else { return view.profit }
    let whole = Int128(view.position.quantity.wideCount)
    return Shares.of(Int128(closing(view.position).wideCount), in: whole).flatMap { part in
      view.profit.flatMap { Shares.of(part, from: $0) }
    }
  }

  private func estimate(of view: PositionView) -> KeyValuePairs<String, String> {
    let price = view.price.map { scene.price($0, of: view.position.symbol) }
    let fee = view.price.flatMap {
      Shares.of(scene.settings.takerFee, from: $0 * closing(view.position))
    }
    return [
      "price": price ?? words(.unknown),
      "profit": profit(of: view).map { Figures.gain($0) } ?? words(.unknown),
      "fee": fee.map { Figures.money($0) } ?? words(.unknown),
    ]
  }

  private func protection(of position: Position) -> Block? {
    let orders = [
      position.stop.map { words(.stopAt, ["price": scene.price($0, of: position.symbol)]) },
      position.target.map { words(.targetAt, ["price": scene.price($0, of: position.symbol)]) },
    ].compactMap { $0 }
    return orders.isEmpty
      ? nil : line(.alsoCancels, ["orders": orders.joined(separator: ", ")])
  }

  private func line(_ phrase: Phrase, _ values: KeyValuePairs<String, String>) -> Block {
    .line(Line(words(phrase, values)))
  }
}

extension CloseScope {
  /// Symbols were named: then dust is spoken of, too.
  fileprivate var isNamed: Bool { if case .symbols = self { true } else { false } }
}
