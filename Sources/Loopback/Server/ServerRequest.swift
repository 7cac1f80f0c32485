/// A request as it stood on the wire, its body read whole.
public struct ServerRequest: Sendable, Hashable {
  public struct Header: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// `GET`, `POST`, in capitals.
  public var method: String
  /// Percent-decoded, without the query.
  public var path: String
  /// What follows the question mark, undecoded; empty when there is none.
  public var query: String
  public var headers: [Header]
  public var body: [UInt8]

  public init(
    method: String, path: String, query: String = "", headers: [Header] = [], body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// Reads the target of a request line: `/path?query`.
  init(method: String, target: String, headers: [Header], body: [UInt8]) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(
      method: method, path: PercentCoding.decode(parts[0]),
      query: parts.count > 1 ? String(parts[1]) : "", headers: headers, body: body)
  }

  /// The first header of that name; names differ in case on the wire.
  public func header(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
  }

  public var bodyText: String { String(decoding: body, as: UTF8.self) }
}
