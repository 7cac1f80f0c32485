import ArgumentParser

/// Values of options, each with what is allowed when it is something else.
enum OptionValues {
  static func seed(_ text: String) throws -> UInt64 {
    guard let seed = UInt64(text) else {
      throw ValidationError("must be a whole number from 0 to \(UInt64.max)")
    }
    return seed
  }

  /// Market seconds per second.
  static func speed(_ text: String) throws -> Int32 {
    guard let speed = Int32(text), (1...1000).contains(speed) else {
      throw ValidationError("must be a whole number from 1 to 1000")
    }
    return speed
  }

  /// The first of the six ports that are listened on.
  static func firstPort(_ text: String) throws -> Int {
    guard let port = Int(text), (1024...65_000).contains(port) else {
      throw ValidationError("must be a whole number from 1024 to 65000")
    }
    return port
  }

  /// `60s`, `5m`, `90`.
  static func length(_ text: String) throws -> Duration {
    let digits = text.prefix(while: \.isNumber)
    let unit: Int64? =
      switch text.dropFirst(digits.count) {
      case "", "s": 1
      case "m": 60
      default: nil
      }
    guard let unit, let count = Int64(digits), (1...86_400).contains(count) else {
      throw ValidationError("must be seconds or minutes from 1 to 86400, such as 60s or 5m")
    }
    return .seconds(count * unit)
  }
}
