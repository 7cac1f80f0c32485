import TradingModel

// The readers of hot frames: one step, a name known at compile time, no allocation unless something
// is wrong. Missing, null and "" are nil to the optional readers.
extension JSONView {
  public func required(_ name: StaticString) throws(JSONError) -> JSONView {
    guard let view = field(name) else { throw .missing(path: "\(name)") }
    return view
  }

  /// The characters of a string field, in place.
  public func stringBytes(_ name: StaticString) throws(JSONError) -> UnsafeRawBufferPointer {
    let view = try required(name)
    guard view.kind == .string else { throw view.wrongKind(name, "a string") }
    return view.bytes
  }

  public func string(_ name: StaticString) throws(JSONError) -> String {
    String(decoding: try stringBytes(name), as: UTF8.self)
  }

  public func bool(_ name: StaticString) throws(JSONError) -> Bool {
    let view = try required(name)
    guard view.kind == .bool else { throw view.wrongKind(name, "a bool") }
    return view.isTrue
  }

  /// A whole number, written as a number or as a string.
  public func integer(_ name: StaticString) throws(JSONError) -> Int64 {
    try required(name).readInteger(name)
  }

  public func optionalInteger(_ name: StaticString) throws(JSONError) -> Int64? {
    try present(name)?.readInteger(name)
  }

  /// An exact amount, written as a number or as a string; digits past 10⁻⁸ are rounded half-even.
  public func amount<Amount: ExactAmount>(
    _ name: StaticString, as type: Amount.Type = Amount.self
  ) throws(JSONError) -> Amount {
    try required(name).readAmount(name)
  }

  public func optionalAmount<Amount: ExactAmount>(
    _ name: StaticString, as type: Amount.Type = Amount.self
  ) throws(JSONError) -> Amount? {
    try present(name)?.readAmount(name)
  }

  /// This value itself as an amount: for the pairs of an order book.
  public func amount<Amount: ExactAmount>(
    as type: Amount.Type = Amount.self
  ) throws(JSONError) -> Amount {
    try readAmount("value")
  }

  private func present(_ name: StaticString) -> JSONView? {
    guard let view = field(name), !view.bytes.isEmpty || view.isContainer else { return nil }
    return view
  }

  private var isContainer: Bool { kind == .object || kind == .array }

  private func readInteger(_ name: StaticString) throws(JSONError) -> Int64 {
    guard kind == .number || kind == .string else { throw wrongKind(name, "a number") }
    guard let value = Int64(utf8: bytes) else {
      throw .badNumber(path: "\(name)", .notANumber(String(text.prefix(40))))
    }
    return value
  }

  private func readAmount<Amount: ExactAmount>(_ name: StaticString) throws(JSONError) -> Amount {
    guard kind == .number || kind == .string else { throw wrongKind(name, "a number") }
    do throws(AmountError) {
      return try RoundedAmounts.amount(utf8: bytes)
    } catch {
      throw .badNumber(path: "\(name)", error)
    }
  }

  private func wrongKind(_ name: StaticString, _ expected: String) -> JSONError {
    .wrongKind(path: "\(name)", expected: expected, found: kind)
  }
}

extension Int64 {
  /// Decimal digits with an optional minus; nil for anything else and beyond 64 bits.
  fileprivate init?(utf8 bytes: UnsafeRawBufferPointer) {
    let isNegative = bytes.first == UInt8(ascii: "-")
    let digits = isNegative ? bytes.dropFirst() : bytes[...]
    guard !digits.isEmpty, digits.count <= 19 else { return nil }
    // Downwards, where there is room for the smallest value, too.
    var value: Int64 = 0
    for byte in digits {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, underflow) = tenfold.subtractingReportingOverflow(Int64(byte &- UInt8(ascii: "0")))
      if overflow || underflow { return nil }
      value = sum
    }
    if isNegative {
      self = value
    } else {
      guard value != .min else { return nil }
      self = -value
    }
  }
}
