import Chat
import TradingModel

/// What a change of the allowlist came to.
struct AllowlistReport {
  let deed: OperatorCommand.Deed
  let change: AllowlistChange
  let offersUndo: Bool
  let scene: Scene
  private var words: Words { scene.words }

  var screen: Screen {
    let isDenial = if case .deny = deed { true } else { false }
    return isDenial ? denied : allowed
  }

  private var allowed: Screen {
    let unchanged =
      change.unchanged.isEmpty
      ? ""
      : " "
        + words(
          .alreadyIn, ["count": "\(change.unchanged.count)", "symbols": names(change.unchanged)])
    let lead =
      change.added.isEmpty
      ? words(.nothingToAllow)
      : words(.allowedSymbols, ["symbols": change.added.map { "+\($0)" }.joined(separator: " ")])
    let tail = words(.allowlistNow, ["count": "\(change.count)"])
    let end =
      change.until.map { words.line(.allowedUntil, ["time": .clock($0)]) }
      ?? words.line(.activeNow)
    let head = Line([.plain("\(lead)\(unchanged) · \(tail) · ")] + end.spans)
    let undo = change.added.isEmpty ? [] : undo(.deny(change.added, for: nil))
    return Screen([.line(head)], choices: undo.isEmpty ? [] : [undo])
  }

  private var denied: Screen {
    guard !change.removed.isEmpty else {
      return Screen([words(.nothingToDeny, ["symbols": names(change.unchanged)])])
    }
    var blocks: [Block] = [
      .line(
        change.until.map {
          words.line(.deniedUntil, ["symbols": .text(names(change.removed)), "time": .clock($0)])
        } ?? words.line(.denied, ["symbols": .text(names(change.removed))]))
    ]
    if !change.unchanged.isEmpty {
      blocks.append(.line(Line(words(.notOnList, ["symbols": names(change.unchanged)]))))
    }
    for view in change.stillOpen.prefix(6) {
      blocks.append(.line(Line(open(view))))
    }
    let closes = change.stillOpen.prefix(2).map { view in
      Choice(
        words(.buttonCloseOne, ["symbol": String(view.position.symbol.base)]),
        .open("close", view.position.symbol.name))
    }
    let choices = closes + undo(.allow(change.removed, for: nil))
    return Screen(blocks, choices: choices.isEmpty ? [] : [choices])
  }

  private func open(_ view: PositionView) -> String {
    let position = view.position
    return words(
      change.removed.count == 1 ? .stillOpenOne : .stillOpenNamed,
      [
        "symbol": position.symbol.name, "side": words.word(position.side),
        "quantity": scene.quantity(position.quantity, of: position.symbol),
        "profit": view.profit.map { Figures.gain($0) } ?? words(.unknown),
      ])
  }

  private func undo(_ deed: OperatorCommand.Deed) -> [Choice] {
    offersUndo ? [Choice(words(.buttonUndo), .undo(deed))] : []
  }

  private func names(_ symbols: [Symbol]) -> String {
    symbols.map(\.name).joined(separator: ", ")
  }
}
