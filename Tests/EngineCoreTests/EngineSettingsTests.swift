import EngineCore
import TestSupport
import Testing

struct EngineSettingsTests {
  @Test
  func `the defaults have no problems, and every problem is told at once`() {
    #expect(EngineSettings.example.problems.isEmpty)
    var settings = EngineSettings.example
    settings.fallbackStop = .zero
    settings.longterm = ["BTCUSDT"]
    settings.allowlist = ["BTCUSDT"]
    settings.timings.stopTries = 0
    settings.timings.readEvery = .zero
    settings.liquidation?.raiseLimit = .zero
    #expect(settings.problems.count == 5)
  }
}
