import Transport

/// What an endpoint answers when it did what it was asked.
struct BybitAnswer: Sendable {
  var result: JSONObject
  /// `retExtInfo`: what became of each order of a batch.
  var extra: JSONObject = [:]
}

/// One path of the REST interface.
struct BybitEndpoint: Sendable {
  let method: String
  /// What follows `/v5/`.
  let path: String
  /// Calls per second of one user; nil for what is public and needs no signature.
  let limitPerSecond: Int?
  /// Each order of a batch counts as a call.
  var isBatch = false
  let answer: @Sendable (BybitServer, BybitParameters) async throws(BybitRefusal) -> BybitAnswer

  static func named(_ path: String) -> BybitEndpoint? { all.first { $0.path == path } }

  typealias Answer =
    @Sendable (
      BybitServer, BybitParameters
    ) async throws(BybitRefusal) -> JSONObject

  static func open(_ path: String, answer: @escaping Answer) -> BybitEndpoint {
    reading(path, nil, answer)
  }

  static func read(_ path: String, _ limit: Int, answer: @escaping Answer) -> BybitEndpoint {
    reading(path, limit, answer)
  }

  static func write(_ path: String, _ limit: Int, answer: @escaping Answer) -> BybitEndpoint {
    BybitEndpoint(method: "POST", path: path, limitPerSecond: limit) {
      (server, parameters) async throws(BybitRefusal) in
      BybitAnswer(result: try await answer(server, parameters))
    }
  }

  static func batch(
    _ path: String, _ limit: Int,
    answer:
      @escaping @Sendable (
        BybitServer, BybitParameters
      ) async throws(BybitRefusal) -> BybitAnswer
  ) -> BybitEndpoint {
    BybitEndpoint(
      method: "POST", path: path, limitPerSecond: limit, isBatch: true, answer: answer)
  }

  /// Of spot, inverse contracts and options there is nothing to read: their lists are empty.
  private static func reading(
    _ path: String, _ limit: Int?, _ answer: @escaping Answer
  ) -> BybitEndpoint {
    BybitEndpoint(method: "GET", path: path, limitPerSecond: limit) {
      (server, parameters) async throws(BybitRefusal) in
      if let category = parameters.text("category"),
        BybitParameters.emptyCategories.contains(category)
      {
        return BybitAnswer(
          result: ["category": .string(category), "list": [], "nextPageCursor": ""])
      }
      return BybitAnswer(result: try await answer(server, parameters))
    }
  }
}
