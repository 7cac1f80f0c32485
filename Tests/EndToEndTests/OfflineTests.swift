import Foundation
import Loopback
import Testing
import TradingModel

extension EndToEnd {
  /// Nothing listens where the settings point to.
  struct OfflineTests {
    @Test func `without network it says what it can't reach, goes on trying, and stops on SIGTERM`()
      async throws
    {
      let folder = try StageFolder()
      try folder.settle(.closed)
      let bot = try BotProcess(folder.run, in: folder.url)
      for name in ["Telegram", "Bybit", "Binance"] {
        try await bot.errors.line(containing: name, within: .seconds(15))
      }
      try await bot.errors.line(containing: "Telegram can't be reached", within: .seconds(15))
      try await bot.errors.lines(containing: "trying again", count: 2, within: .seconds(20))

      try await bot.stop()
      for secret in Doors.closed.secrets.values {
        #expect(!bot.errors.text.contains(secret))
      }
      try folder.remove()
    }
  }
}
