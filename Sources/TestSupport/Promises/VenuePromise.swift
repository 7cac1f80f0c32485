import Testing
import TradingModel

/// Something that every venue keeps, whatever its wire looks like: the same code asks them all.
public struct VenuePromise: Sendable, CustomTestStringConvertible {
  public let testDescription: String
  let check: @Sendable (VenueUnderTest) async throws -> Void

  init(_ words: String, check: @escaping @Sendable (VenueUnderTest) async throws -> Void) {
    testDescription = words
    self.check = check
  }

  public func isKept(by venue: VenueUnderTest) async throws { try await check(venue) }

  public static let all = entering + refusing + resting + protecting + hedging + reading + telling
}
