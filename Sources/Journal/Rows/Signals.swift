import GRDB
import TradingModel

/// A signal with the gate's verdict.
public struct JudgedSignal: Sendable, Hashable {
  public var intent: Intent
  /// Why it was not taken; empty for an entry.
  public var refusals: [String]

  public init(intent: Intent, refusals: [String]) {
    self.intent = intent
    self.refusals = refusals
  }
}

/// `signals`: the first verdict on each stands.
enum Signals {
  static func add(_ intent: Intent, refusals: [String], in db: Database) throws {
    try db.add(
      [
        "id": intent.id.text, "engine": intent.engine.rawValue, "symbol": intent.symbol.name,
        "side": intent.side.rawValue, "price": intent.price.description,
        "stop": intent.stop.description, "target": intent.target?.description,
        "size": JSONText.text(of: intent.size), "leverage": intent.leverage.description,
        "reasons": JSONText.text(of: intent.reasons), "refusals": JSONText.text(of: refusals),
        "at": intent.time.milliseconds,
      ], to: "signals", ignoringKnown: true)
  }

  static func ids(since time: Timestamp, in db: Database) throws -> [SignalID] {
    try db.rows(of: "signals", key: "id", "WHERE at >= ? ORDER BY at, id", [time.milliseconds]) {
      SignalID(try $0.text("id"))
    }
  }

  static func latest(_ limit: Int, in db: Database) throws -> [JudgedSignal] {
    try db.rows(of: "signals", key: "id", "ORDER BY at DESC, id DESC LIMIT ?", [limit]) { fields in
      JudgedSignal(
        intent: Intent(
          id: SignalID(try fields.text("id")), engine: try fields.choice("engine"),
          symbol: Symbol(venueName: try fields.text("symbol")), side: try fields.choice("side"),
          price: try fields.amount("price"), stop: try fields.amount("stop"),
          target: try fields.optionalAmount("target"), size: try fields.json("size"),
          leverage: try fields.amount("leverage"), reasons: try fields.json("reasons"),
          time: try fields.time("at")),
        refusals: try fields.json("refusals"))
    }
  }
}
