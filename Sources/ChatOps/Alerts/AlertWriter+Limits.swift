import Chat
import TradingModel

extension AlertWriter {
  /// Limits beside the day's and the margin's.
  func limit(_ news: Alert.News) -> Notice? {
    switch news {
    case .startLoss(let result, let amount):
      Notice(
        key: "start.loss", kind: .news,
        lines: [
          line(
            .startLoss,
            [
              "result": Figures.signedPercent(result, decimals: 2),
              "amount": Figures.gain(amount),
            ])
        ], buttons: [[status, pnl]])
    case .dayLimitWaits(let result, let unexplained, let why):
      Notice(
        key: "day.waits", kind: .news,
        lines: [
          line(
            unexplained == nil ? .dayLimitWaitsUnread : .dayLimitWaits,
            [
              "result": Figures.signedPercent(result, decimals: 2),
              "amount": Figures.gain(unexplained ?? .zero),
              "why": why.isEmpty ? "no answer yet" : String(why.prefix(160)),
            ])
        ], buttons: [[risk, status]])
    case .balanceLow(let balance, let least):
      Notice(
        key: "balance", kind: .firing,
        lines: [
          line(
            .balanceLow,
            ["balance": Figures.money(balance), "least": Figures.exact(least)])
        ], buttons: [[risk, status]])
    case .balanceEnough(let balance):
      Notice(
        key: "balance", kind: .resolved,
        lines: [line(.balanceEnough, ["balance": Figures.money(balance)])])
    case .clockOff(let skew, let limit):
      Notice(
        key: "clock", kind: .firing,
        lines: [
          line(
            skew.magnitude > limit ? .clockStops : .clockOff,
            [
              "skew": Figures.count(Int(skew.magnitude.wholeMilliseconds)), "venue": venue,
              "limit": Figures.count(Int(limit.wholeMilliseconds)),
            ])
        ], buttons: [[health]])
    case .clockRight(let skew):
      Notice(
        key: "clock", kind: .resolved,
        lines: [
          line(
            .clockRight,
            ["skew": Figures.count(Int(skew.magnitude.wholeMilliseconds)), "venue": venue])
        ])
    default: nil
    }
  }
}
