import TradingModel

/// Everything public on the loopback Binance at one moment.
struct BinanceMarket: Sendable {
  /// Levels of one side of a book.
  static let depth = 100
  /// Ids that one beat of the market has room for.
  private static let idsPerBeat: Int64 = 1_000
  private static let firstID: Int64 = 5_123_000_000_000

  let news: MarketNews

  var time: Timestamp { news.time }
  /// Sorted by symbol.
  var boards: [SymbolBoard] { news.binance.symbols }
  subscript(symbol: Symbol) -> SymbolBoard? { news.binance[symbol] }
  var trades: [MarketPrint] { news.prints.filter { $0.trade.venue == .binance } }

  /// The book as it stands with this beat.
  func book(_ board: SymbolBoard, depth: Int = depth) -> SyntheticBook {
    SyntheticBook(board, beat: news.beat, depth: depth)
  }

  /// The id of the last change of a book: all books count together.
  var updateID: Int64 { Self.firstID + news.beat * Self.idsPerBeat }

  /// The id of a book that is told on request. It lies between those of events, so that it falls
  /// inside the next event of every depth stream.
  var snapshotID: Int64 { updateID + Self.idsPerBeat / 2 }

  /// The first id of an event that follows another: past it, as ids have holes, and before any
  /// snapshot's.
  static func firstID(after previous: Int64) -> Int64 {
    previous + 1 + Int64(Scatter.mix(UInt64(bitPattern: previous)) % UInt64(idsPerBeat / 2 - 1))
  }
}

extension ChartInterval {
  /// Source: Binance USD-M futures, common definitions.
  init?(binance text: String) {
    switch text {
    case "1m": self = .minutes(1)
    case "3m": self = .minutes(3)
    case "5m": self = .minutes(5)
    case "15m": self = .minutes(15)
    case "30m": self = .minutes(30)
    case "1h": self = .minutes(60)
    case "2h": self = .minutes(120)
    case "4h": self = .minutes(240)
    case "6h": self = .minutes(360)
    case "8h": self = .minutes(480)
    case "12h": self = .minutes(720)
    case "1d": self = .minutes(1_440)
    case "3d": self = .minutes(4_320)
    case "1w": self = .week
    case "1M": self = .month
    default: return nil
    }
  }
}

/// How often a depth stream speaks.
enum BinanceDepthSpeed: Int64, Sendable, Hashable, CaseIterable {
  case fast = 100
  case standard = 250
  case slow = 500

  var interval: Duration { .milliseconds(rawValue) }
}
