import Chat
import TradingModel

/// What the day would come to if every open stop filled.
struct WorstCaseText {
  let scene: Scene

  /// Nil without positions: there is nothing at stake.
  var line: Line? {
    let words = scene.words
    guard !scene.snapshot.positions.isEmpty else { return nil }
    guard let worst = scene.snapshot.worstCase else { return Line(words(.worstUnknown)) }
    var text = words(
      .worstCase,
      [
        "result": Figures.signedPercent(worst.result, decimals: 2),
        "net": Figures.gain(worst.net),
      ])
    if !worst.unstopped.isEmpty {
      let names = worst.unstopped.prefix(4).map { String($0.base) }.joined(separator: ", ")
      text += words(.worstWithout, ["symbols": names])
    }
    return Line(text)
  }
}
