import TradingModel

/// Numbers as every language writes them, so that they can be compared and pasted: comma thousands,
/// dot decimals, the real minus sign in text and a hyphen in tables.
enum Figures {
  enum Place { case text, table }

  /// `10,552.30`
  static func plain(
    _ amount: some ExactAmount, decimals: Int, in place: Place = .text
  ) -> String {
    written(amount.text(decimals: decimals), in: place)
  }

  /// `+312.30`, `−28.88`; nothing gained is `+0.00`.
  static func signed(
    _ amount: some ExactAmount, decimals: Int, in place: Place = .text
  ) -> String {
    withPlus(plain(amount, decimals: decimals, in: place))
  }

  static func money(_ amount: Notional, in place: Place = .text) -> String {
    plain(amount, decimals: 2, in: place)
  }

  static func gain(_ amount: Notional, in place: Place = .text) -> String {
    signed(amount, decimals: 2, in: place)
  }

  /// `36.4%`
  static func percent(_ ratio: Ratio, decimals: Int, in place: Place = .text) -> String {
    written(ratio.percentText(decimals: decimals), in: place) + "%"
  }

  /// `+3.05%`
  static func signedPercent(_ ratio: Ratio, decimals: Int, in place: Place = .text) -> String {
    withPlus(percent(ratio, decimals: decimals, in: place))
  }

  /// A limit as it was set: `80`, `-5`, `2.5`.
  static func limit(_ ratio: Ratio, in place: Place = .text) -> String {
    written(ratio.percentDescription, in: place)
  }

  /// As many decimals as the amount has.
  static func exact(_ amount: some ExactAmount, in place: Place = .text) -> String {
    written(amount.description, in: place)
  }

  static func count(_ number: Int) -> String { written(String(number), in: .text) }

  /// The same form for the numbers in a text that others wrote: `price 64210.5` becomes
  /// `price 64,210.5`, ` -6.03%` becomes ` −6.03%`. Only numbers that stand alone are touched: no
  /// ids, times and dates.
  static func tidied(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let number = word.prefix { $0 == "-" || $0 == "." || $0.isASCII && $0.isNumber }
      let unit = word.dropFirst(number.count)
      let digits = number.hasPrefix("-") ? number.dropFirst() : number
      let isNumber =
        digits.first?.isNumber == true && digits.last?.isNumber == true
        && digits.allSatisfy { $0 != "-" } && digits.count { $0 == "." } <= 1
      return isNumber && unit.allSatisfy({ "%,;:)".contains($0) })
        ? written(String(number), in: .text) + unit : String(word)
    }.joined(separator: " ")
  }

  private static func withPlus(_ text: String) -> String {
    text.hasPrefix("-") || text.hasPrefix("−") ? text : "+" + text
  }

  private static func written(_ decimal: String, in place: Place) -> String {
    let isNegative = decimal.hasPrefix("-")
    let digits = isNegative ? decimal.dropFirst() : decimal[...]
    let whole = digits.prefix { $0 != "." }
    var text = isNegative ? (place == .text ? "−" : "-") : ""
    for (offset, digit) in whole.enumerated() {
      if offset > 0, (whole.count - offset) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text + digits.dropFirst(whole.count)
  }
}
