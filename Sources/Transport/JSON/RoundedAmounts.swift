import Synchronization
import TradingModel

/// Amounts of a venue that had more digits than ours hold: fees and borrow amounts, as a rule. They are
/// rounded half-even at 10⁻⁸, and counted here since the start of the process, so that it never goes
/// unseen.
public enum RoundedAmounts {
  private static let rounded = Atomic<Int>(0)

  public static var count: Int { rounded.load(ordering: .relaxed) }

  /// Exactly where that is possible.
  static func amount<Amount: ExactAmount>(
    utf8 bytes: UnsafeRawBufferPointer
  ) throws(AmountError) -> Amount {
    do throws(AmountError) {
      return try Amount(utf8: bytes)
    } catch .tooManyDecimals {
      rounded.add(1, ordering: .relaxed)
      return try Amount(utf8: bytes, extraDigits: .roundedHalfEven)
    }
  }

  static func amount<Amount: ExactAmount>(_ text: String) throws(AmountError) -> Amount {
    do throws(AmountError) {
      return try Amount(text)
    } catch .tooManyDecimals {
      rounded.add(1, ordering: .relaxed)
      return try Amount(text, extraDigits: .roundedHalfEven)
    }
  }
}
