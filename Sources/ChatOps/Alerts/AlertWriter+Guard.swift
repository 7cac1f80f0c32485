import Chat
import TradingModel

/// What the guard tells, and what is told of it.
extension AlertWriter {
  func guardian(_ news: Alert.News) -> Notice? {
    switch news {
    case .guardTook(let ending, let isRestarting, let inFlight):
      Notice(
        key: "guard.took/\(now.milliseconds)", kind: .news,
        lines: took(ending, isRestarting: isRestarting, inFlight),
        buttons: [[status, close, panic]])
    case .guardStops:
      Notice(key: "guard.stops", kind: .news, lines: [line(.guardStops, ["venue": venue])])
    case .guardAbsent(let duration):
      Notice(
        key: "guard", kind: .firing, lines: [line(.guardAbsent, ["age": words.age(duration)])],
        buttons: [[health]], audience: .owner)
    case .guardReady(let duration):
      Notice(
        key: "guard", kind: .resolved, lines: [line(.guardReady, ["age": words.age(duration)])],
        audience: .owner)
    case .restartLoop(let starts):
      Notice(
        key: "restart.loop/\(now.milliseconds)", kind: .news,
        lines: [line(.restartLoop, ["count": "\(starts)"])], buttons: [[status, health]])
    default: nil
    }
  }

  private func took(_ ending: MainEnding, isRestarting: Bool, _ inFlight: [String]) -> [Line] {
    let (icon, why) =
      switch ending {
      case .died: ("🔴", words(.mainDied))
      case .hung(let silence): ("🔴", words(.mainHung, ["age": words.age(silence)]))
      case .stopped: ("🟡", words(.mainStopped))
      case .notStarted: ("🟠", words(.mainNotStarted))
      }
    var lines = [line(.guardTook, ["icon": icon, "why": why, "venue": venue])]
    if isRestarting { lines.append(line(.guardRestarting)) }
    if !inFlight.isEmpty {
      lines.append(
        line(
          .inFlight,
          [
            "count": "\(inFlight.count)", "list": inFlight.prefix(6).joined(separator: "; "),
          ]))
    }
    return lines
  }
}

extension Words {
  /// `ready`, `absent 3 min`.
  func word(_ sight: GuardSight) -> String {
    switch sight {
    case .ready: self(.guardIsReady)
    case .stale(let age): self(.guardIsStale, ["age": self.age(age)])
    case .absent(let age): self(.guardIsAbsent, ["age": self.age(age)])
    case .hasTheChat(let age): self(.guardHasTheChat, ["age": self.age(age)])
    }
  }
}
