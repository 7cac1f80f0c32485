/// A JSON text as a value. Numbers keep the digits they were written with, so that an amount is read
/// from its text and never passes through a binary floating-point number.
public enum JSONValue: Sendable, Hashable {
  case object(JSONObject)
  case array([JSONValue])
  case string(String)
  /// The digits as written: `64210.50`, `1e-7`.
  case number(String)
  case bool(Bool)
  case null
}

extension JSONValue {
  /// Reads a whole JSON text (RFC 8259), strictly: nothing but blanks may follow it.
  /// - Throws: `JSONError.malformed`, `.tooLarge`, `.tooDeep`.
  public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
    self = try JSONReader(limits: limits).value(of: bytes)
  }

  /// Reads a whole JSON text.
  /// - Throws: As `init(parsing:limits:)` of bytes.
  public init(parsing text: String, limits: JSONLimits = .standard) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), limits: limits)
  }

  /// A whole number.
  public static func integer(_ value: some BinaryInteger) -> JSONValue { .number("\(value)") }

  /// A field of an object, or nil: also for what is no object.
  public subscript(key: String) -> JSONValue? {
    if case .object(let object) = self { object[key] } else { nil }
  }

  /// An element of an array, or nil: also past its end, and for what is no array.
  public subscript(index: Int) -> JSONValue? {
    if case .array(let elements) = self, elements.indices.contains(index) {
      elements[index]
    } else {
      nil
    }
  }

  public var kind: JSONKind {
    switch self {
    case .object: .object
    case .array: .array
    case .string: .string
    case .number: .number
    case .bool: .bool
    case .null: .null
    }
  }

  public var isNull: Bool { self == .null }

  /// The text of a string; nil for every other kind.
  public var stringValue: String? {
    if case .string(let text) = self { text } else { nil }
  }
}

/// What a JSON text can be.
public enum JSONKind: UInt8, Sendable, Hashable {
  case object, array, string, number, bool, null
}

// No nil literal: in an optional context it would quietly become null.
extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
  ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral text: String) { self = .string(text) }
  public init(integerLiteral value: Int64) { self = .number("\(value)") }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral fields: (String, JSONValue)...) {
    self = .object(JSONObject(fields))
  }
}
