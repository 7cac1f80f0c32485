/// JSON that people and other programs read: the order of the keys is ours, and amounts are numbers
/// with exactly their digits.
public indirect enum JSONTree: Sendable, Hashable {
  public struct Member: Sendable, Hashable {
    public var name: String
    public var value: JSONTree

    public init(name: String, value: JSONTree) {
      self.name = name
      self.value = value
    }
  }

  case null
  case flag(Bool)
  /// Digits as they stand in the file.
  case number(String)
  case text(String)
  case list([JSONTree])
  case object([Member])

  public static func members(_ members: KeyValuePairs<String, JSONTree>) -> JSONTree {
    .object(members.map { Member(name: $0.key, value: $0.value) })
  }

  public static func amount(_ amount: some ExactAmount) -> JSONTree { .number(amount.description) }
  public static func amount(_ amount: (some ExactAmount)?) -> JSONTree {
    amount.map { .number($0.description) } ?? .null
  }
  public static func percent(_ ratio: Ratio?) -> JSONTree {
    ratio.map { .number($0.percentDescription) } ?? .null
  }
  public static func count(_ count: some BinaryInteger) -> JSONTree { .number("\(count)") }
  public static func time(_ time: Timestamp?) -> JSONTree {
    time.map { .text($0.iso8601) } ?? .null
  }
  public static func texts(_ texts: [String]) -> JSONTree { .list(texts.map(JSONTree.text)) }

  /// Two spaces for each level, a line feed at the end.
  public var document: String { rendered(indent: "") + "\n" }

  /// All in one line, without a line feed.
  public var line: String {
    switch self {
    case .null, .flag, .number, .text: rendered(indent: "")
    case .list(let values): "[" + values.map(\.line).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.map { "\(Self.quoted($0.name)): \($0.value.line)" }.joined(separator: ", ")
        + "}"
    }
  }

  private func rendered(indent: String) -> String {
    switch self {
    case .null: "null"
    case .flag(let flag): flag ? "true" : "false"
    case .number(let digits): digits
    case .text(let text): Self.quoted(text)
    case .list(let values):
      Self.bracketed("[", values.map { $0.rendered(indent: indent + "  ") }, "]", indent: indent)
    case .object(let members):
      Self.bracketed(
        "{",
        members.map { "\(Self.quoted($0.name)): \($0.value.rendered(indent: indent + "  "))" },
        "}", indent: indent)
    }
  }

  private static func bracketed(
    _ open: String, _ items: [String], _ close: String, indent: String
  ) -> String {
    guard !items.isEmpty else { return open + close }
    let lines = items.map { "\(indent)  \($0)" }.joined(separator: ",\n")
    return "\(open)\n\(lines)\n\(indent)\(close)"
  }

  /// Source: RFC 8259, section 7.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
