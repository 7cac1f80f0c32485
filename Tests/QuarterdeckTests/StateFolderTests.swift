import Foundation
import TestSupport
import Testing
import TradingModel

@testable import Quarterdeck

@Suite(.timeLimit(.minutes(1))) struct StateFolderTests {
  private let path = NSTemporaryDirectory() + "quarterdeck-\(UUID().uuidString)"
  private let clock = ManualClock()
  private static let paper = Account(place: "paper bybit mainnet")

  private func problem(_ account: Account) -> SettingsProblem? {
    do throws(SettingsProblem) {
      _ = try StateFolder(path: path, account: account, at: clock.now)
      return nil
    } catch {
      return error
    }
  }

  private func clear() { try? FileManager.default.removeItem(atPath: path) }

  @Test func `a folder has one holder at a time`() throws {
    defer { clear() }
    let first = try StateFolder(path: path, account: Self.paper, at: clock.now)
    let refused = withExtendedLifetime(first) { problem(Self.paper) }
    #expect(refused?.place == "state.folder")
    #expect(refused?.text.contains("in use by process \(getpid())") == true)
  }

  @Test func `when the holder is gone the next one may`() throws {
    defer { clear() }
    #expect(problem(Self.paper) == nil)
    #expect(problem(Self.paper) == nil)
  }

  @Test func `a folder belongs to one account`() throws {
    defer { clear() }
    #expect(problem(Self.paper) == nil)
    let refused = problem(Account(place: "live bybit mainnet"))
    #expect(refused?.text.contains("belongs to 'paper bybit mainnet'") == true)
    #expect(problem(Self.paper) == nil)
  }

  @Test func `another API key is another account, until the lock file is moved away`() throws {
    defer { clear() }
    let mine = Account(place: "live bybit mainnet", keyID: "key of mine")
    let other = Account(place: "live bybit mainnet", keyID: "key of another")
    #expect(problem(mine) == nil)
    #expect(problem(mine) == nil)
    let refused = try #require(problem(other))
    #expect(refused.text.contains("moving \(path)/quarterdeck.lock away"))
    #expect(refused.text.contains(try #require(mine.key)))
    #expect(!refused.text.contains("key of mine"))
    try FileManager.default.moveItem(
      atPath: "\(path)/quarterdeck.lock", toPath: "\(path)/quarterdeck.lock.old")
    #expect(problem(other) == nil)
    #expect(problem(mine) != nil)
  }

  @Test func `a folder of before there were marks of keys takes the first one`() throws {
    defer { clear() }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(#"{"account":"live bybit mainnet","process":1}"#.utf8)
      .write(to: URL(fileURLWithPath: "\(path)/quarterdeck.lock"))
    #expect(problem(Account(place: "live bybit mainnet", keyID: "one")) == nil)
    #expect(problem(Account(place: "live bybit mainnet", keyID: "two")) != nil)
  }

  @Test func `the mark of a key is eight digits that always are the same`() {
    let mark = Account(place: "", keyID: "abc").key
    // The first four bytes of SHA-256 of "abc": FIPS 180-4, appendix B.1.
    #expect(mark == "ba7816bf")
  }

  // MARK: Handing over

  @Test func `a main process is refused at once by another one`() async throws {
    defer { clear() }
    let first = try StateFolder(path: path, account: Self.paper, at: clock.now)
    await #expect(throws: SettingsProblem.self) {
      _ = try await StateFolder.take(path, account: Self.paper, clock: clock)
    }
    withExtendedLifetime(first) {}
  }

  @Test func `it asks the guard, and gets the folder with what was before`() async throws {
    defer { clear() }
    let guardian = try StateFolder(
      path: path, account: Self.paper, role: .standIn, at: clock.now)
    #expect(!StateFolder.isWanted(path))
    async let taken = StateFolder.take(path, account: Self.paper, clock: clock)
    await clock.waitForSleeper(until: clock.now + StateFolder.pause)
    #expect(StateFolder.isWanted(path))
    guardian.release()
    clock.advance(by: StateFolder.pause)
    let folder = try await taken
    #expect(folder.before?.isStandIn == true)
    #expect(StateFolder.holder(in: path)?.role == .main)
    #expect(!StateFolder.isWanted(path))
    folder.release()
    #expect(StateFolder.holder(in: path)?.hasStopped == true)
    withExtendedLifetime(guardian) {}
  }

  @Test func `a guard that gives nothing back is waited for 15 s`() async throws {
    defer { clear() }
    let guardian = try StateFolder(
      path: path, account: Self.paper, role: .standIn, at: clock.now)
    let (path, clock) = (path, clock)
    let refusal = Task { () -> SettingsProblem? in
      do throws(SettingsProblem) {
        _ = try await StateFolder.take(path, account: Self.paper, clock: clock)
        return nil
      } catch {
        return error
      }
    }
    let start = clock.now
    while clock.now - start < StateFolder.patience, !Task.isCancelled {
      await clock.passSleep(of: StateFolder.pause)
    }
    #expect(await refusal.value?.text.contains("did not give") == true)
    withExtendedLifetime(guardian) {}
  }
}
