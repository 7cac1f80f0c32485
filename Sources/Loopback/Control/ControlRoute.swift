import Transport

/// One thing that the control interface can do.
public struct ControlRoute: Sendable {
  /// `GET`, `POST` or `DELETE`.
  public let method: String
  /// What follows `/control/`.
  public let path: String
  /// One line for the list of routes.
  public let summary: String
  let answer: @Sendable (ControlRequest) async throws(ControlError) -> ControlAnswer

  public init(
    _ method: String, _ path: String, _ summary: String,
    answer: @escaping @Sendable (ControlRequest) async throws(ControlError) -> ControlAnswer
  ) {
    self.method = method
    self.path = path
    self.summary = summary
    self.answer = answer
  }
}

/// What a route answers.
public enum ControlAnswer: Sendable, Hashable {
  case json(JSONValue)
  case text(String)

  static let done = ControlAnswer.json(["done": true])
}

/// Why a route could not do what it was asked.
public struct ControlError: Error, Hashable, Sendable {
  public var status: Int
  public var reason: String

  public init(_ reason: String, status: Int = 400) {
    self.status = status
    self.reason = reason
  }
}

/// What a route is handed: the fields of a JSON body and, for those that are not in it, the query.
public struct ControlRequest: Sendable {
  public let body: JSONObject
  public let query: RequestParameters

  init(_ request: ServerRequest) throws(ControlError) {
    var query = RequestParameters()
    query.addURLEncoded(request.query)
    self.query = query
    guard !request.body.isEmpty else {
      body = [:]
      return
    }
    do throws(JSONError) {
      body = try JSONValue(parsing: request.body).object()
    } catch {
      throw ControlError("the body must be a JSON object: \(error)")
    }
  }

  public subscript(key: String) -> JSONValue? {
    body[key] ?? query[key].map { .string($0) }
  }

  /// The field, or nil when it is missing, null or empty.
  public func optionalString(_ key: String) throws(ControlError) -> String? {
    try read(key) { (json) throws(JSONError) in try json.optionalString(.field(key)) }
  }

  public func optionalInteger(_ key: String) throws(ControlError) -> Int64? {
    try read(key) { (json) throws(JSONError) in try json.optionalInteger(.field(key)) }
  }

  public func optionalBool(_ key: String) throws(ControlError) -> Bool? {
    switch self[key] {
    case nil, .null: nil
    case .bool(let value): value
    case "true", "1": true
    case "false", "0": false
    default: throw ControlError("\(key) must be true or false")
    }
  }

  public func string(_ key: String) throws(ControlError) -> String {
    guard let value = try optionalString(key) else { throw ControlError("\(key) is missing") }
    return value
  }

  public func integer(_ key: String) throws(ControlError) -> Int64 {
    guard let value = try optionalInteger(key) else { throw ControlError("\(key) is missing") }
    return value
  }

  private func read<Value>(
    _ key: String, _ reader: (JSONValue) throws(JSONError) -> Value?
  ) throws(ControlError) -> Value? {
    guard let value = self[key] else { return nil }
    do throws(JSONError) {
      return try reader([key: value])
    } catch {
      throw ControlError("\(error)")
    }
  }
}
