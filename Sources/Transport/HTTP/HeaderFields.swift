/// Header fields in their order; names compare without regard to case.
public struct HeaderFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  public struct Field: Sendable, Hashable {
    public var name: String
    public var value: String
  }

  public private(set) var fields: [Field] = []

  public init() {}

  public init(dictionaryLiteral fields: (String, String)...) {
    self.fields = fields.map { Field(name: $0.0, value: $0.1) }
  }

  public mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// The first value of that name.
  public subscript(name: String) -> String? {
    let wanted = name.lowercased()
    return fields.first { $0.name.lowercased() == wanted }?.value
  }

  /// The name of a field that would not survive the wire: a name that is no token (RFC 9110), a
  /// value with a control character.
  var unsendableName: String? {
    fields.first { field in
      field.name.isEmpty || !field.name.utf8.allSatisfy(Self.isTokenCharacter)
        || field.value.utf8.contains { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }
    }?.name
  }

  private static func isTokenCharacter(_ byte: UInt8) -> Bool {
    PercentEncoding.isUnreserved(byte) || "!#$%&'*+^`|".utf8.contains(byte)
  }
}
