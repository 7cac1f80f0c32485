import Chat
import TradingModel

/// Puts alerts into words.
struct AlertWriter {
  let words: Words
  let book: InstrumentBook
  let snapshot: EngineSnapshot
  let settings: ChatOpsSettings
  let given: GivenCommands
  let now: Timestamp

  var venue: String { snapshot.venue.title }

  /// Nil when it is told otherwise: order failures are merged first.
  func notice(for alert: Alert) -> Notice? {
    switch alert.news {
    case .marginWarn, .marginNormal, .marginCut, .marginCutDone, .marginUnblocked, .marginStuck,
      .marginCloseAll:
      margin(alert.news)
    case .dayNear, .dayStop, .dayTarget, .dayFlattened, .newDay: day(alert.news)
    case .startLoss, .dayLimitWaits, .balanceLow, .balanceEnough, .clockOff, .clockRight:
      limit(alert.news)
    case .orderFailed: nil
    case .positionOpened, .positionClosed, .positionLiquidated, .closeFailed, .stopMissing,
      .stopSet, .stopNotMoved, .emergencyClose:
      position(alert.news)
    case .flattening, .flattened, .notFlat: flatten(alert.news)
    case .linkDown, .linkUp, .accountUnknown, .accountKnown: link(alert.news, alert.severity)
    case .started, .stopping, .locked, .unlocked, .mismatch, .reconciled, .journalFailing,
      .journalWorks, .memoryLost, .chatConflict, .stranger,
      .leverageLowered, .controlAbsent, .controlReady:
      bot(alert.news)
    case .guardTook, .guardStops, .guardAbsent, .guardReady, .restartLoop: guardian(alert.news)
    }
  }

  // MARK: Pieces

  func line(_ phrase: Phrase, _ values: KeyValuePairs<String, String> = [:]) -> Line {
    Line(words(phrase, values))
  }

  var status: NoticeButton { NoticeButton(label: words(.buttonStatus), command: "status") }
  var positions: NoticeButton { NoticeButton(label: words(.buttonPositions), command: "positions") }
  var risk: NoticeButton { NoticeButton(label: words(.buttonRisk), command: "risk") }
  var close: NoticeButton { NoticeButton(label: words(.buttonClose), command: "close") }
  var health: NoticeButton { NoticeButton(label: words(.buttonHealth), command: "health") }
  var pause: NoticeButton { NoticeButton(label: words(.buttonPauseAll), command: "pause") }
  var pnl: NoticeButton { NoticeButton(label: words(.buttonPnL), command: "pnl") }
  var panic: NoticeButton {
    NoticeButton(label: words(.buttonPanic), command: "panic", style: .danger)
  }
  var tryAgain: NoticeButton {
    NoticeButton(label: words(.buttonTryAgain), command: "panic", style: .danger)
  }

  /// For screens that commands and alerts share.
  var scene: Scene {
    Scene(
      snapshot: snapshot, book: book,
      person: Person(id: PersonID(0), name: "", role: .viewer, chat: ChatID(0), since: 0),
      now: now, words: words, settings: settings, health: HealthFigures(), firing: 0, recent: [])
  }

  /// `ETHUSDT LONG 1.50`
  func text(_ key: PositionKey, _ side: PositionSide, _ quantity: Quantity) -> String {
    "\(key.symbol) \(words.word(side)) \(book.quantity(quantity, of: key.symbol))"
  }
}
