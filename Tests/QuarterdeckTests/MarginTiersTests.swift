import EngineCore
import Foundation
import Risk
import TestSupport
import Testing
import TradingModel

@testable import Quarterdeck

/// From `margin.mode: tiers` in the file to what the engine closes.
struct MarginTiersTests {
  private func settings(_ yaml: String) throws -> Settings {
    let folder = NSTemporaryDirectory() + "quarterdeck-tiers-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try yaml.write(toFile: folder + "/settings.yaml", atomically: true, encoding: .utf8)
    try "".write(toFile: folder + "/coins.yaml", atomically: true, encoding: .utf8)
    return try SettingsLoader(folder: folder, overrides: .none).load()
  }

  /// An account of 10 000 USDT that ties up `margin` of them for 0.5 BTC, seen for ten seconds.
  private func effects(of settings: Settings, margin: Notional) -> [Effect] {
    var engine = TradingEngine(settings: settings.engineSettings())
    var now = Timestamp.noon
    var all: [Effect] = []
    func send(_ body: EngineEvent.Body) {
      var waiting = [body]
      while !waiting.isEmpty {
        let effects = engine.handle(EngineEvent(waiting.removeFirst(), at: now))
        all += effects
        for case .readAccount(let ticket) in effects {
          var wallet = Wallet.example(equity: "10000", at: now)
          wallet.initialMargin = margin
          let position = Position.example(
            "BTCUSDT", quantity: "0.5", entry: "60000", mark: "60000", stop: "50000")
          waiting.append(
            .answer(
              .accountRead(
                ticket,
                AccountReading(
                  wallet: wallet, positions: [position], orders: [], startedAt: now, time: now))))
        }
      }
    }
    send(.instruments([.example("BTCUSDT")]))
    send(.restored(RestoredState()))
    for _ in 0..<100 {
      now = now + .milliseconds(100)
      send(.heartbeat(.account))
      send(.tick)
    }
    return all
  }

  private func isWarned(_ effects: [Effect]) -> Bool {
    effects.contains {
      if case .alert(let alert) = $0, case .marginWarn = alert.news { true } else { false }
    }
  }

  private func firstClose(_ effects: [Effect]) -> Quantity? {
    effects.lazy.compactMap {
      if case .reduce(let order) = $0 { order.request.quantity } else { nil }
    }.first
  }

  @Test(
    arguments: [
      ("5999", false, nil), ("6000", true, nil), ("6999", true, nil), ("7000", true, "0.125"),
      ("8000", true, "0.165"), ("9000", true, "0.5"),
    ] as [(Notional, Bool, Quantity?)])
  func `in tiers the engine warns at sixty, and closes a quarter, a third, and all`(
    margin: Notional, warns: Bool, close: Quantity?
  ) throws {
    let effects = effects(of: try settings("margin:\n  mode: tiers\n"), margin: margin)
    #expect(firstClose(effects) == close)
    if close == nil { #expect(isWarned(effects) == warns) }
  }

  @Test(arguments: [("7900", nil), ("8100", nil), ("9100", "0.05")] as [(Notional, Quantity?)])
  func `in levels it goes by the figures of the file`(margin: Notional, close: Quantity?) throws {
    let yaml = """
      risk:
        margin_warn_pct: 80
        margin_block_pct: 90
      margin:
        mode: levels
        reduce_pct: 10
      """
    let effects = effects(of: try settings(yaml), margin: margin)
    #expect(firstClose(effects) == close)
    if close == nil { #expect(isWarned(effects) == (margin > "8000")) }
  }
}
