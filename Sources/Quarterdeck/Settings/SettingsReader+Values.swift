import TradingModel
import Transport

extension SettingsReader {
  func text(_ key: String, default fallback: String) -> String { scalar(key)?.text ?? fallback }

  func bool(_ key: String, default fallback: Bool) -> Bool {
    guard let (text, place) = scalar(key) else { return fallback }
    switch text.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default:
      complain(at: place, key, "must be true or false, is '\(text)'")
      return fallback
    }
  }

  func integer(_ key: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
    guard let (text, place) = scalar(key) else { return fallback }
    guard let value = Int(text) else {
      complain(at: place, key, "must be a whole number, is '\(text)'")
      return fallback
    }
    guard range.contains(value) else {
      complain(
        at: place, key, "must be between \(range.lowerBound) and \(range.upperBound), is \(value)")
      return fallback
    }
    return value
  }

  /// A percentage as people write it: 5 is five percent.
  func percent(
    _ key: String, default fallback: Ratio, in range: ClosedRange<Ratio>
  ) -> Ratio {
    guard let (text, place) = scalar(key) else { return fallback }
    do {
      let value = try Ratio(percent: text)
      if range.contains(value) { return value }
      complain(
        at: place, key,
        "must be between \(range.lowerBound.percentDescription) and "
          + "\(range.upperBound.percentDescription) percent, is \(text)")
    } catch {
      complain(at: place, key, "must be a percentage such as 2.5: \(error)")
    }
    return fallback
  }

  /// An amount in the unit of its type.
  func amount<Amount: ExactAmount>(
    _ key: String, default fallback: Amount, in range: ClosedRange<Amount>, unit: String
  ) -> Amount {
    guard let (text, place) = scalar(key) else { return fallback }
    do {
      let value = try Amount(text)
      if range.contains(value) { return value }
      complain(
        at: place, key,
        "must be between \(range.lowerBound) and \(range.upperBound) \(unit), is \(text)")
    } catch {
      complain(at: place, key, "must be a number of \(unit): \(error)")
    }
    return fallback
  }

  /// A number of seconds.
  func seconds(
    _ key: String, default fallback: Duration, in range: ClosedRange<Int>
  ) -> Duration {
    .seconds(integer(key, default: Int(fallback.wholeSeconds), in: range))
  }

  /// - Parameters:
  ///   - except: What stands among the cases and can't be chosen here.
  ///   - hint: Told after a choice that is none.
  func choice<Choice: RawRepresentable & CaseIterable & Equatable>(
    _ key: String, default fallback: Choice, except: [Choice] = [], hint: String = ""
  ) -> Choice where Choice.RawValue == String {
    guard let (text, place) = scalar(key) else { return fallback }
    let choices = Choice.allCases.filter { !except.contains($0) }
    if let value = choices.first(where: { $0.rawValue == text.lowercased() }) { return value }
    let allowed = choices.map(\.rawValue).joined(separator: ", ")
    complain(at: place, key, "must be one of \(allowed), is '\(text)'\(hint)")
    return fallback
  }

  /// A base address of one of these schemes; nil when there is none.
  func address(_ key: String, _ schemes: RequestURL.Scheme...) -> String? {
    guard let (text, place) = scalar(key) else { return nil }
    let wanted = schemes.map { "\($0.rawValue)://" }.joined(separator: " or ")
    do throws(InvalidURL) {
      let url = try RequestURL(text)
      if schemes.contains(url.scheme) { return text }
      complain(at: place, key, "must begin with \(wanted)")
    } catch {
      complain(at: place, key, "is \(error)")
    }
    return nil
  }

  func symbols(_ key: String) -> [Symbol] { symbols(key) { Symbol($0) } }

  /// Contracts that are no USDT perpetuals, too, by the venue's own names.
  func contracts(_ key: String) -> [Symbol] { symbols(key) { Symbol(contract: $0) } }

  private func symbols(_ key: String, _ read: (String) -> Symbol?) -> [Symbol] {
    list(key).compactMap { text in
      let symbol = read(text)
      if symbol == nil { complain(key, "'\(text)' is no symbol; BTC or BTCUSDT would be one") }
      return symbol
    }
  }
}
