import Foundation
import Testing
import TradingModel

extension EndToEnd {
  /// What a person must mend is said in a line, before anything starts.
  struct MisconfiguredTests {
    enum Slip: CaseIterable {
      case unknownKey, wrongType, missingToken, missingKey

      /// What the line must say: where, and what.
      var words: [String] {
        switch self {
        case .unknownKey: ["settings.yaml:", "risk.daily_stop_pc", "daily_stop_pct"]
        case .wrongType: ["settings.yaml:", "risk.max_positions", "whole number", "many"]
        case .missingToken: ["TELEGRAM_BOT_TOKEN", "missing"]
        case .missingKey: ["BYBIT_API_SECRET", "missing"]
        }
      }
    }

    @Test(arguments: Slip.allCases)
    func `a slip in settings or secrets is one clear line and exit code 2`(slip: Slip) async throws
    {
      let folder = try StageFolder()
      let doors = Doors.closed
      try folder.settle(doors)
      let settings = StageFolder.settings(doors)
      var secrets = doors.secrets
      switch slip {
      case .unknownKey:
        try folder.write("settings.yaml", settings + "risk:\n  daily_stop_pc: -4\n")
      case .wrongType:
        try folder.write("settings.yaml", settings + "risk:\n  max_positions: many\n")
      case .missingToken:
        secrets["TELEGRAM_BOT_TOKEN"] = nil
        try folder.writeSecrets(secrets)
      case .missingKey:
        secrets["BYBIT_API_SECRET"] = nil
        try folder.writeSecrets(secrets)
      }
      let bot = try BotProcess(folder.run, in: folder.url)
      #expect(try await bot.end(within: .seconds(10)) == .exited(2))
      #expect(bot.errors.lines.count == 1)
      let line = try #require(bot.errors.lines.first)
      for word in slip.words { #expect(line.contains(word)) }
      for secret in doors.secrets.values { #expect(!line.contains(secret)) }
      #expect(bot.output.bytes.isEmpty)
      try folder.remove()
    }
  }
}
