import TradingModel

/// Why a text is no JSON, or why a value is not what was expected of it.
public enum JSONError: Error, Equatable, Sendable {
  /// Not JSON, at about that byte; nil when the text as a whole is not even UTF-8 or never ends.
  case malformed(offset: Int?, String)
  /// More bytes than the reader takes.
  case tooLarge(limitBytes: Int)
  /// More nesting than the reader takes.
  case tooDeep(limit: Int)
  /// The field or element does not exist.
  case missing(path: String)
  case wrongKind(path: String, expected: String, found: JSONKind)
  /// A number or a string that does not fit the type it is read as.
  case badNumber(path: String, AmountError)
}

extension JSONError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformed(let offset, let reason):
      "malformed JSON\(offset.map { " at byte \($0)" } ?? ""): \(reason)"
    case .tooLarge(let limit): "JSON of more than \(limit) bytes"
    case .tooDeep(let limit): "JSON nested deeper than \(limit)"
    case .missing(let path): "\(path) is missing"
    case .wrongKind(let path, let expected, let found): "\(path) is \(found), not \(expected)"
    case .badNumber(let path, let reason): "\(path): \(reason)"
    }
  }
}

extension JSONError {
  /// The same error, its path prolonged in front.
  func within(_ prefix: String) -> JSONError {
    func joined(_ path: String) -> String {
      path.isEmpty || path.hasPrefix("[") ? prefix + path : "\(prefix).\(path)"
    }
    return switch self {
    case .malformed, .tooLarge, .tooDeep: self
    case .missing(let path): .missing(path: joined(path))
    case .wrongKind(let path, let expected, let found):
      .wrongKind(path: joined(path), expected: expected, found: found)
    case .badNumber(let path, let reason): .badNumber(path: joined(path), reason)
    }
  }
}
