import Chat
import TradingModel

/// Why the engine did not obey, and what can be done now.
struct RefusalText {
  let scene: Scene
  var deed: OperatorCommand.Deed?
  private var words: Words { scene.words }

  func screen(for refusal: CommandRefusal) -> Screen {
    switch refusal {
    case .notFlat(let open):
      let list = open.prefix(8).map { view in
        "\(view.position.symbol) "
          + scene.quantity(view.position.quantity, of: view.position.symbol)
      }
      return Screen(
        [
          words(
            .refusedNotFlat,
            ["list": list.joined(separator: ", "), "count": "\(open.count)"])
        ], choices: [[Choice(words(.buttonClose), .open("close"))]])
    case .accountUnknown(let why):
      return Screen([words(.refusedAccountUnknown, ["why": String(why.prefix(160))])])
    case .locked(let kind):
      return Screen([
        words(
          kind == .flagFile ? .refusedFlagFile : .refusedLocked, ["lock": words.word(kind)])
      ])
    case .nothingToUnlock: return Screen([words(.refusedNothingToUnlock)])
    case .notPaused: return Screen([words(.refusedNotPaused)])
    case .unknownSymbols(let nearest): return unknown(nearest)
    case .nothingOpen: return Screen([words(.nothingOpen)])
    case .notRecorded: return Screen([words(.refusedNotRecorded)])
    }
  }

  private func unknown(_ nearest: [Symbol: [Symbol]]) -> Screen {
    let typed = nearest.keys.sorted()
    let command = if case .deny = deed { DenyCommand.name } else { AllowCommand.name }
    let candidates = typed.flatMap { Nearest.symbols(to: $0, among: nearest[$0] ?? []) }.prefix(6)
    let choices = candidates.map { Choice($0.name, .open(command, $0.name)) }
    return Screen(
      typed.map {
        words(.unknownSymbol, ["venue": scene.venue, "symbol": String($0.base)])
      },
      choices: stride(from: 0, to: choices.count, by: 3).map {
        Array(choices[$0..<min($0 + 3, choices.count)])
      })
  }
}
