import EngineCore
import Strategies
import TestSupport
import Testing
import TradingModel

/// The settings' leverage against the venue's rules.
struct LeverageTests {
  private func script(
    leverage: Ratio, step: Ratio = .one, most: Ratio = .times(100),
    _ change: (inout EngineSettings) -> Void = { _ in }
  ) -> Script {
    var liquidation = LiquidationSettings()
    liquidation.defaults.leverage = leverage
    var script = Script { settings in
      settings.liquidation = liquidation
      change(&settings)
    }
    script.send(.instruments(rules(step: step, most: most)))
    return script
  }

  private func rules(step: Ratio, most: Ratio = .times(100)) -> [Instrument] {
    ["BTCUSDT", "ETHUSDT", "SOLUSDT"].map { symbol in
      var instrument = Instrument.example(Symbol(venueName: symbol))
      instrument.leverageStep = step
      instrument.maxLeverage = most
      return instrument
    }
  }

  private func lowered(_ script: Script) -> [[LoweredLeverage]] {
    script.effects.alerts.compactMap { if case .leverageLowered(let all) = $0 { all } else { nil } }
  }

  @Test(
    arguments: [
      ("2.5", "1", "100", "2"), ("2.5", "0.01", "100", "2.5"), ("2.555", "0.01", "100", "2.55"),
      ("50", "1", "20", "20"), ("12.7", "0.5", "12.5", "12.5"), ("1.5", "2", "100", "1"),
      ("3", "0", "100", "3"),
    ] as [(Ratio, Ratio, Ratio, Ratio)])
  func `a contract takes the next lower step, at most its maximum and at least one`(
    wanted: Ratio, step: Ratio, most: Ratio, used: Ratio
  ) {
    var instrument = Instrument.example("BTCUSDT")
    instrument.leverageStep = step
    instrument.maxLeverage = most
    #expect(instrument.leverage(upTo: wanted) == used)
  }

  @Test
  func `what the venue does not take is lowered, told once, and traded with`() throws {
    var script = script(leverage: "2.5")
    script.pass(.seconds(1))
    script.send(.instruments(rules(step: .one)))
    script.pass(.seconds(1))
    #expect(
      lowered(script) == [
        [
          LoweredLeverage(symbol: "BTCUSDT", wanted: "2.5", used: "2"),
          LoweredLeverage(symbol: "ETHUSDT", wanted: "2.5", used: "2"),
        ]
      ])
    let told = script.effects.contains {
      if case .alert(let alert) = $0, case .leverageLowered = alert.news {
        alert.severity == .p1
      } else {
        false
      }
    }
    #expect(told)
    let effects = script.liquidate()
    #expect(effects.contains(.prepare("BTCUSDT", leverage: .times(2))))
    // 1 % of 10 000 at 2x and 60 000: 0.0033, down to the step.
    #expect(effects.entries.map(\.quantity) == ["0.003"])
  }

  @Test
  func `what fits is used as it is, and nothing is told`() {
    var script = script(leverage: "2.5", step: "0.01")
    script.pass(.seconds(1))
    #expect(lowered(script).isEmpty)
    #expect(script.liquidate().contains(.prepare("BTCUSDT", leverage: "2.5")))
  }

  @Test
  func `a symbol that is allowed later is told then, other rules are told anew`() {
    var script = script(leverage: "2.5") { $0.allowlist = ["BTCUSDT"] }
    script.pass(.seconds(1))
    #expect(lowered(script).map { $0.map(\.symbol) } == [["BTCUSDT"]])
    script.command(1, .allow(["SOLUSDT"], for: nil))
    script.pass(.seconds(1))
    #expect(lowered(script).last?.map(\.symbol) == ["SOLUSDT"])
    script.send(.instruments(rules(step: "0.2")))
    script.pass(.seconds(1))
    #expect(lowered(script).last?.map(\.used) == ["2.4", "2.4"])
    #expect(lowered(script).count == 3)
  }
}
