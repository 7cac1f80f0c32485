/// The fields of a JSON object in the order they were written. Of a name that stands twice, the
/// first counts.
public struct JSONObject: Sendable, Hashable {
  public struct Field: Sendable, Hashable {
    public var key: String
    public var value: JSONValue
  }

  public private(set) var fields: [Field]

  public init(_ fields: [(String, JSONValue)] = []) {
    self.fields = fields.map { Field(key: $0.0, value: $0.1) }
  }

  init(fields: [Field]) { self.fields = fields }

  /// Reading gives the first field of that name. Writing replaces it or adds one at the end; nil
  /// removes every field of that name.
  public subscript(key: String) -> JSONValue? {
    get { fields.first { $0.key == key }?.value }
    set {
      guard let newValue else {
        fields.removeAll { $0.key == key }
        return
      }
      if let index = fields.firstIndex(where: { $0.key == key }) {
        fields[index].value = newValue
      } else {
        fields.append(Field(key: key, value: newValue))
      }
    }
  }

  public var keys: [String] { fields.map(\.key) }
  public var isEmpty: Bool { fields.isEmpty }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral fields: (String, JSONValue)...) { self.init(fields) }
}
