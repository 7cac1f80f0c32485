import Transport

/// The parameters of a request in the order they came: from the query, an urlencoded body, a JSON
/// object or multipart fields. All become text: a JSON number keeps its digits, a JSON array or
/// object is written out again.
public struct RequestParameters: Sendable, Hashable {
  public struct Parameter: Sendable, Hashable {
    public var name: String
    public var value: String
  }

  /// An uploaded file.
  public struct Upload: Sendable, Hashable {
    public var field: String
    public var fileName: String
    public var bytes: [UInt8]
  }

  public private(set) var values: [Parameter] = []
  public private(set) var uploads: [Upload] = []

  public init(_ values: [(String, String)] = []) {
    self.values = values.map { Parameter(name: $0.0, value: $0.1) }
  }

  /// The last value of that name; an empty one is as good as none.
  public subscript(name: String) -> String? {
    guard let value = values.last(where: { $0.name == name })?.value, !value.isEmpty else {
      return nil
    }
    return value
  }

  /// Whole numbers, `true` and `1`, as bots write them.
  public func integer(_ name: String) -> Int64? { self[name].flatMap { Int64($0) } }
  public func flag(_ name: String) -> Bool { ["true", "1", "True"].contains(self[name]) }

  mutating func add(_ name: String, _ value: String) {
    values.append(Parameter(name: name, value: value))
  }
}

extension ServerRequest {
  /// Query first, then the body by its content type; a body that is not what it says gives nothing.
  public var parameters: RequestParameters {
    var parameters = RequestParameters()
    parameters.addURLEncoded(query)
    let type = (header("Content-Type") ?? "").lowercased()
    if type.hasPrefix("application/json") {
      parameters.addJSON(body)
    } else if type.hasPrefix("multipart/form-data") {
      parameters.addMultipart(body, contentType: header("Content-Type") ?? "")
    } else if type.hasPrefix("application/x-www-form-urlencoded") {
      parameters.addURLEncoded(bodyText)
    }
    return parameters
  }
}

extension RequestParameters {
  mutating func addURLEncoded(_ text: String) {
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      add(
        PercentCoding.decode(parts[0], plusIsSpace: true),
        parts.count > 1 ? PercentCoding.decode(parts[1], plusIsSpace: true) : "")
    }
  }

  mutating func addJSON(_ body: [UInt8]) {
    guard case .object(let object)? = try? JSONValue(parsing: body) else { return }
    for field in object.fields {
      switch field.value {
      case .null: break
      case .string(let text): add(field.key, text)
      default: add(field.key, field.value.text)
      }
    }
  }

  /// Source: RFC 7578; header parameters as browsers and HTTP libraries write them.
  mutating func addMultipart(_ body: [UInt8], contentType: String) {
    guard let boundary = Self.attribute("boundary", of: contentType) else { return }
    let delimiter = Array("--\(boundary)".utf8)
    let blankLine = Array("\r\n\r\n".utf8)
    for part in body.pieces(separatedBy: delimiter).dropFirst() {
      guard let split = part.firstRange(of: blankLine) else { continue }
      let head = String(decoding: part[..<split.lowerBound], as: UTF8.self)
      guard let name = Self.attribute("name", of: head) else { continue }
      let content = part[split.upperBound...].dropLast(2)  // The line end before the delimiter.
      if let fileName = Self.attribute("filename", of: head) {
        uploads.append(Upload(field: name, fileName: fileName, bytes: Array(content)))
      } else {
        add(name, String(decoding: content, as: UTF8.self))
      }
    }
  }

  /// `name="value"` or `name=value`, never the tail of a longer name.
  private static func attribute(_ name: String, of text: String) -> String? {
    for piece in text.split(whereSeparator: { ";\r\n".contains($0) }) {
      let parts = piece.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, parts[0].trimmed == name else { continue }
      return String(parts[1].trimmed.filter { $0 != "\"" })
    }
    return nil
  }
}

extension StringProtocol {
  /// Without blanks and line ends at both ends.
  var trimmed: String {
    let kept = drop { $0.isWhitespace }
    guard let last = kept.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(kept[...last])
  }
}

extension Array where Element == UInt8 {
  fileprivate func pieces(separatedBy separator: [UInt8]) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      pieces.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    pieces.append(rest)
    return pieces
  }
}
