import TradingModel
import Transport

/// A depth at which the book is told, and how often.
///
/// Source: Bybit V5, `orderbook.{depth}.{symbol}` of linear contracts. Real pushes of 10 and 20 ms are
/// as slow as the market beats here.
struct BybitBookChannel: Hashable {
  let depth: Int
  /// Beats of the market for each push.
  let beats: Int64

  static let all = [
    BybitBookChannel(depth: 1, beats: 1), BybitBookChannel(depth: 50, beats: 1),
    BybitBookChannel(depth: 200, beats: 1), deepest,
  ]
  static let deepest = BybitBookChannel(depth: 1_000, beats: 2)

  /// The beat at which the book that is told at `beat` was drawn.
  func drawnBeat(_ beat: Int64) -> Int64 { beat / beats * beats }

  /// `u`: one more with each push.
  func update(at beat: Int64) -> Int64 { beat / beats + 1 }
}

/// Books as REST and the streams show them.
struct BybitBookRow {
  /// How long after the matching engine (`cts`) the gateway speaks (`ts`), in ms.
  static let gatewayLag: Int64 = 3

  private let symbol: Symbol
  private let text: ContractText

  init(_ instrument: Instrument) {
    symbol = instrument.symbol
    text = ContractText(instrument)
  }

  /// Comparable between depths; it skips values.
  static func sequence(at beat: Int64) -> Int64 { 7_961_638_724 + beat * 7 }

  func data(
    bids: [BookLevel], asks: [BookLevel], update: Int64, sequence: Int64
  ) -> JSONObject {
    [
      "s": .string(symbol.name), "b": levels(bids), "a": levels(asks), "u": .integer(update),
      "seq": .integer(sequence),
    ]
  }

  /// What is gone has the size 0, without decimals.
  private func levels(_ levels: [BookLevel]) -> JSONValue {
    .array(
      levels.map { level in
        [text.price(level.price), level.quantity.isZero ? "0" : text.quantity(level.quantity)]
      })
  }
}

/// A trade on the tape as REST and the stream show it.
struct BybitPrintRow {
  private let print: MarketPrint
  private let text: ContractText

  init(_ print: MarketPrint, _ instrument: Instrument) {
    self.print = print
    text = ContractText(instrument)
  }

  /// In the form of a UUID, the same everywhere.
  private var id: JSONValue {
    let seed = Scatter.seed(of: print.trade.symbol.name)
    func hex(_ value: UInt64, _ digits: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
    }
    let number = UInt64(clamping: print.number)
    return .string(
      [
        hex(seed >> 32, 8), hex(seed >> 16, 4), "5" + hex(seed, 3), "a" + hex(seed >> 48, 3),
        hex(number, 12),
      ].joined(separator: "-"))
  }

  var rest: JSONObject {
    let trade = print.trade
    return [
      "execId": id, "symbol": .string(trade.symbol.name), "price": text.price(trade.price),
      "size": text.quantity(trade.quantity), "side": .string(trade.aggressor.bybit),
      "time": .string("\(trade.time.milliseconds)"), "isBlockTrade": false, "isRPITrade": false,
      "seq": .string("\(print.number)"),
    ]
  }

  var stream: JSONObject {
    let trade = print.trade
    return [
      "T": .integer(trade.time.milliseconds), "s": .string(trade.symbol.name),
      "S": .string(trade.aggressor.bybit), "v": text.quantity(trade.quantity),
      "p": text.price(trade.price), "L": .string(print.direction.rawValue), "i": id, "BT": false,
      "RPI": false, "seq": .integer(print.number),
    ]
  }
}
