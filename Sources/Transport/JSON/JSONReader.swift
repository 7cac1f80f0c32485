import CSimdjson

/// Reads JSON with simdjson, over and over with the same memory. Belongs to one thread at a time.
public final class JSONReader {
  private let parser: OpaquePointer
  private let limits: JSONLimits
  /// What the parser may keep between two texts.
  private static let keptBytes = 1 << 20

  public init(limits: JSONLimits = .standard) {
    precondition(limits.maxBytes < 1 << 31 && limits.maxDepth <= 1024, "beyond what is laid out")
    guard let parser = csimdjson_create() else { preconditionFailure("out of memory") }
    self.parser = parser
    self.limits = limits
  }

  deinit { csimdjson_destroy(parser) }

  /// Checks a whole text and hands its root to `body`. Nothing of it is copied into Swift values:
  /// views and their bytes are valid inside `body` only.
  /// - Throws: `JSONError.malformed`, `.tooLarge`, `.tooDeep`, and what `body` throws.
  public func read<Result>(
    _ bytes: UnsafeRawBufferPointer, body: (JSONView) throws(JSONError) -> Result
  ) throws(JSONError) -> Result {
    guard bytes.count <= limits.maxBytes else { throw .tooLarge(limitBytes: limits.maxBytes) }
    let parsed = csimdjson_parse(
      parser, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count,
      UInt32(limits.maxDepth))
    defer { csimdjson_trim(parser, Self.keptBytes) }
    guard let nodes = parsed.nodes else {
      if parsed.outcome == CSIMDJSON_TOO_DEEP { throw .tooDeep(limit: limits.maxDepth) }
      throw .malformed(
        offset: parsed.error_offset < 0 ? nil : Int(parsed.error_offset),
        parsed.error.map { String(cString: $0) } ?? "")
    }
    return try body(JSONView(nodes, 0))
  }

  /// The whole text as a value of its own.
  /// - Throws: As `read`.
  public func value(of bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var copy = bytes[...]
    let result = copy.withUnsafeMutableBytes { bytes in
      Result { () throws(JSONError) in
        try read(UnsafeRawBufferPointer(bytes)) { root in root.value }
      }
    }
    return try result.get()
  }
}
