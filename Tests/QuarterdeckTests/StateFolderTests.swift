import Foundation
import Testing

@testable import Quarterdeck

struct StateFolderTests {
  private let path = NSTemporaryDirectory() + "quarterdeck-\(UUID().uuidString)"

  private func problem(_ account: String) -> SettingsProblem? {
    do throws(SettingsProblem) {
      _ = try StateFolder(path: path, account: account)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a folder has one holder at a time`() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = try StateFolder(path: path, account: "paper bybit mainnet")
    let refused = withExtendedLifetime(first) { problem("paper bybit mainnet") }
    #expect(refused?.place == "state.folder")
    #expect(refused?.text.contains("in use by process \(getpid())") == true)
  }

  @Test func `when the holder is gone the next one may`() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(problem("paper bybit mainnet") == nil)
    #expect(problem("paper bybit mainnet") == nil)
  }

  @Test func `a folder belongs to one account`() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(problem("paper bybit mainnet") == nil)
    let refused = problem("live bybit mainnet")
    #expect(refused?.text.contains("belongs to 'paper bybit mainnet'") == true)
    #expect(problem("paper bybit mainnet") == nil)
  }
}
