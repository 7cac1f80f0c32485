import Logging
import TradingModel
import Transport

/// Reads one connection of market streams, on its loop: liquidations, tickers and prints become market
/// events, depth goes to the books, candles to the listener.
final class MarketHandler: WebSocketHandler {
  private let frames = MarketFrameReader()
  private let shelf: MarketShelf?
  private let log: Logger?
  private let publish: @Sendable (VenueEvent) -> Void
  private var pulse: LinkPulse

  /// - Parameters:
  ///   - links: What the connection stands for.
  ///   - line: Which of their connections it is.
  ///   - isUp: It takes over from one that was up.
  ///   - shelf: Books, candles, and what tells doubles apart; nil where there are none.
  init(
    links: [LinkName] = [.liquidations], on line: LinkLine = .only, isUp: Bool = false,
    shelf: MarketShelf? = nil,
    clock: any WallClock, log: Logger? = nil, publish: @escaping @Sendable (VenueEvent) -> Void
  ) {
    self.shelf = shelf
    self.log = log
    self.publish = publish
    pulse = LinkPulse(
      links: links, of: .binance, on: line, isUp: isUp, clock: clock, publish: publish)
  }

  func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool {
    do throws(JSONError) {
      try frames.read(bytes) { frame in
        // An answer shows that the connection lives, not that anything is told on it.
        if !frame.isAnswer { pulse.beat() }
        take(frame)
      }
      return true
    } catch {
      shelf?.countUnreadable()
      return false
    }
  }

  private func take(_ frame: MarketFrame) {
    switch frame {
    case .liquidation(let event):
      if shelf?.isNew(event) ?? true { publish(.market(.liquidation(event))) }
    case .trade(let print):
      if shelf?.isNew(print) ?? true { publish(.market(.trade(print.trade))) }
    case .ticker(let ticker): publish(.market(.ticker(ticker)))
    case .candle(let candle): shelf?.take(candle)
    case .depth: shelf?.take(frames.depth)
    case .answer(let refusal?):
      log?.error("Binance refused on a market stream", metadata: ["reason": "\(refusal)"])
    case .answer(nil), .foreign, .ignored: return
    }
  }
}
