import TradingModel

/// A step into a JSON value: a field by name, or an element by index.
public enum JSONStep: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  case field(String)
  case element(Int)

  public init(stringLiteral name: String) { self = .field(name) }
  public init(integerLiteral index: Int) { self = .element(index) }
}

// Every reader takes the way to the value, `value.string("result", "list", 0, "price")`, and its
// error names that way. The optional readers take a missing value, null and "" as nil: venues write
// "no stop" in all three ways.
extension JSONValue {
  /// The value at the end of the path.
  /// - Throws: `JSONError.missing`, naming the first step that leads nowhere.
  public func at(_ path: JSONStep...) throws(JSONError) -> JSONValue { try at(path) }

  public func string(_ path: JSONStep...) throws(JSONError) -> String {
    guard case .string(let text) = try at(path) else { throw wrongKind(path, "a string") }
    return text
  }

  public func bool(_ path: JSONStep...) throws(JSONError) -> Bool {
    guard case .bool(let value) = try at(path) else { throw wrongKind(path, "a bool") }
    return value
  }

  /// A whole number, written as a number or as a string.
  public func integer(_ path: JSONStep...) throws(JSONError) -> Int64 {
    try at(path).readInteger(path)
  }

  /// An exact amount, written as a number or as a string; digits past 10⁻⁸ are rounded half-even.
  public func amount<Amount: ExactAmount>(
    _ path: JSONStep..., as type: Amount.Type = Amount.self
  ) throws(JSONError) -> Amount {
    try at(path).readAmount(path)
  }

  public func array(_ path: JSONStep...) throws(JSONError) -> [JSONValue] {
    guard case .array(let elements) = try at(path) else { throw wrongKind(path, "an array") }
    return elements
  }

  public func object(_ path: JSONStep...) throws(JSONError) -> JSONObject {
    guard case .object(let object) = try at(path) else { throw wrongKind(path, "an object") }
    return object
  }

  /// Each element of an array, read by `read`; an error names the element that caused it.
  public func map<Element>(
    _ path: JSONStep..., read: (JSONValue) throws(JSONError) -> Element
  ) throws(JSONError) -> [Element] {
    guard case .array(let elements) = try at(path) else { throw wrongKind(path, "an array") }
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      do {
        result.append(try read(element))
      } catch {
        throw error.within(Self.text(of: path + [.element(index)]))
      }
    }
    return result
  }

  public func optionalString(_ path: JSONStep...) throws(JSONError) -> String? {
    guard let value = present(path) else { return nil }
    guard case .string(let text) = value else { throw wrongKind(path, "a string") }
    return text
  }

  public func optionalBool(_ path: JSONStep...) throws(JSONError) -> Bool? {
    guard let value = present(path) else { return nil }
    guard case .bool(let flag) = value else { throw wrongKind(path, "a bool") }
    return flag
  }

  public func optionalInteger(_ path: JSONStep...) throws(JSONError) -> Int64? {
    try present(path)?.readInteger(path)
  }

  public func optionalAmount<Amount: ExactAmount>(
    _ path: JSONStep..., as type: Amount.Type = Amount.self
  ) throws(JSONError) -> Amount? {
    try present(path)?.readAmount(path)
  }
}

extension JSONValue {
  private func at(_ path: [JSONStep]) throws(JSONError) -> JSONValue {
    var value = self
    for (index, step) in path.enumerated() {
      guard let next = value.step(step) else {
        throw .missing(path: Self.text(of: path.prefix(index + 1)))
      }
      value = next
    }
    return value
  }

  /// Nil when any step leads nowhere, and for null and "".
  private func present(_ path: [JSONStep]) -> JSONValue? {
    var value = self
    for step in path {
      guard let next = value.step(step) else { return nil }
      value = next
    }
    return value == .null || value == .string("") ? nil : value
  }

  private func step(_ step: JSONStep) -> JSONValue? {
    switch step {
    case .field(let name): self[name]
    case .element(let index): self[index]
    }
  }

  private func readInteger(_ path: [JSONStep]) throws(JSONError) -> Int64 {
    let text = try numberText(path)
    guard let value = Int64(text) else {
      throw .badNumber(path: Self.text(of: path), .notANumber(String(text.prefix(40))))
    }
    return value
  }

  private func readAmount<Amount: ExactAmount>(_ path: [JSONStep]) throws(JSONError) -> Amount {
    let text = try numberText(path)
    do throws(AmountError) {
      return try RoundedAmounts.amount(text)
    } catch {
      throw .badNumber(path: Self.text(of: path), error)
    }
  }

  private func numberText(_ path: [JSONStep]) throws(JSONError) -> String {
    switch self {
    case .number(let text), .string(let text): return text
    default: throw .wrongKind(path: Self.text(of: path), expected: "a number", found: kind)
    }
  }

  private func wrongKind(_ path: [JSONStep], _ expected: String) -> JSONError {
    do throws(JSONError) {
      return .wrongKind(path: Self.text(of: path), expected: expected, found: try at(path).kind)
    } catch {
      return error
    }
  }

  private static func text(of path: some Sequence<JSONStep>) -> String {
    path.reduce(into: "") { text, step in
      switch step {
      case .field(let name): text += text.isEmpty ? name : ".\(name)"
      case .element(let index): text += "[\(index)]"
      }
    }
  }
}
