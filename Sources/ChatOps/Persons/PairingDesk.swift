import Chat
import TradingModel

/// Owns the pairing code: how the first owner proves that they can read the console.
public actor PairingDesk {
  static let lifetime: Duration = .minutes(10)
  static let tries = 5
  /// No letter or digit that can be taken for another.
  static let alphabet = Array("ABCDEFGHJKMNPQRSTUVWXYZ23456789")

  private struct Code {
    let text: String
    let expiresAt: Timestamp
    var triesLeft: Int
  }

  private let people: PersonBook
  private let clock: any WallClock
  private let random: any RandomSource
  private var code: Code?

  public init(people: PersonBook, clock: any WallClock, random: any RandomSource) {
    self.people = people
    self.clock = clock
    self.random = random
  }

  /// The code to show on the console: eight characters, valid 10 minutes and 5 tries. Made when
  /// there is no owner and none is valid; nil once there is an owner.
  public func pairingCode() async -> String? {
    guard await !people.hasOwner else { return nil }
    if let code, isValid(code) { return code.text }
    let letters = (0..<8).map { _ in
      Self.alphabet[Int(random.next(below: UInt64(Self.alphabet.count)))]
    }
    let made = Code(
      text: String(letters), expiresAt: clock.now + Self.lifetime, triesLeft: Self.tries)
    code = made
    return made.text
  }

  /// Spends a try. A code that was right is spent for good.
  func redeem(_ text: String) -> Bool {
    guard var code, isValid(code) else { return false }
    code.triesLeft -= 1
    let isRight = text.uppercased() == code.text
    self.code = isRight ? nil : code
    return isRight
  }

  private func isValid(_ code: Code) -> Bool {
    code.triesLeft > 0 && clock.now < code.expiresAt
  }
}
