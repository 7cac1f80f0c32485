import Chat
import TestSupport
import TradingModel

extension RoundTrip {
  static func sample(
    _ id: String = "liq-1-1", symbol: Symbol = "BTCUSDT", opened: Timestamp = .noon,
    closed: Timestamp? = nil
  ) -> RoundTrip {
    RoundTrip(
      id: id, key: PositionKey(symbol), side: .long, owner: .engine(.liquidation),
      signal: SignalID("liquidation BTCUSDT 1"), openedAt: opened, closedAt: closed,
      quantity: "0.12", averageEntry: "64210.00000001", averageExit: closed.map { _ in "64974" },
      realised: "91.68", fees: "4.29000001", funding: "-0.00000001", entries: 1,
      exits: closed == nil ? 0 : 1, reasonIn: "liquidation 512.30 USDT",
      reasonOut: closed == nil ? "" : "target")
  }
}

extension Fill {
  static func sample(
    _ id: String = "e1", price: Price = "64210", at time: Timestamp = .noon
  ) -> Fill {
    Fill(
      executionID: id, orderID: ClientOrderID("liq-1-1"), venueOrderID: "v1", symbol: "BTCUSDT",
      side: .buy, price: price, quantity: "0.12", fee: "4.29", time: time)
  }
}

extension Intent {
  static func sample(_ id: String, at time: Timestamp = .noon) -> Intent {
    Intent(
      id: SignalID(id), engine: .liquidation, symbol: "BTCUSDT", side: .long, price: "64210",
      stop: "63250", target: "66100",
      size: .shareOfBalance(.percent(1), raiseLimit: .times(2)), leverage: .times(5),
      reasons: [NamedValue("liquidation", "512.30 USDT")], time: time)
  }
}

extension DayBaseline {
  static func sample(_ equity: Notional = "10240.00000001") -> DayBaseline {
    DayBaseline(
      day: Timestamp.noon.day, equity: equity, transferred: "-12.5",
      takenAt: Timestamp.noon.day.start, isLate: true)
  }
}

extension ChatUpdate {
  static func message(
    _ id: Int64, message: Int64, text: String = "/status", sentAt: Int64 = 1_795_176_000
  ) -> ChatUpdate {
    ChatUpdate(
      id: id,
      body: .message(
        IncomingMessage(
          ref: MessageRef(chat: ChatID(7), message: message), kind: .direct,
          sender: Sender(id: PersonID(7), name: "Ana"), sentAt: sentAt, text: text,
          command: "status", arguments: "")))
  }

  static func tap(_ id: Int64, tap: String) -> ChatUpdate {
    ChatUpdate(
      id: id,
      body: .tap(
        IncomingTap(
          id: tap, sender: Sender(id: PersonID(7), name: "Ana"),
          ref: MessageRef(chat: ChatID(7), message: 90), kind: .direct, data: "c:4f2a:1")))
  }
}

extension CommandRow {
  static func sample(_ name: String = "close", stage: CommandStage = .received) -> CommandRow {
    CommandRow(
      update: 100, person: PersonID(7), personName: "Ana",
      address: ChatAddress(ChatID(7), topic: 3),
      request: MessageRef(chat: ChatID(7), message: 41), name: name, arguments: "btc",
      stage: stage, receivedAt: 1_795_176_000_000, changedAt: 1_795_176_000_000)
  }

  func at(_ stage: CommandStage, detail: String = "") -> CommandRow {
    var copy = self
    copy.stage = stage
    copy.detail = detail
    copy.changedAt += 1000
    return copy
  }
}

extension OutboxEntry {
  static func sample(
    _ key: String, lane: ChatLane = .important, createdAt: Int64 = 1, editing: MessageRef? = nil
  ) -> OutboxEntry {
    OutboxEntry(
      address: ChatAddress(ChatID(7), topic: 3),
      reply: Reply(
        [.line(Line([.bold("IM"), .plain(" 82.4%"), .time(1, fallback: "00:00:01")])), .gap],
        buttons: [[Button("Ack", data: "a:1", style: .danger)]]),
      lane: lane, key: key, editing: editing, createdAt: createdAt, expiresAt: 9)
  }
}
