import Transport

/// What a client says on a stream: `{"op":…, "args":[…], "req_id":…}`.
struct BybitStreamRequest {
  let operation: String
  let arguments: [JSONValue]
  /// Sent back with the answer.
  let id: String?

  /// Nil for what is no JSON object with an `op`.
  init?(_ text: String) {
    do {
      let json = try JSONValue(parsing: text)
      operation = try json.string("op")
      if case .array(let arguments)? = json["args"] {
        self.arguments = arguments
      } else {
        arguments = []
      }
      id = json["req_id"]?.stringValue
    } catch {
      return nil
    }
  }

  /// The topics of a subscription; what is no text counts as an unknown topic.
  var topics: [String] { arguments.map { $0.stringValue ?? $0.text } }
}

/// The answers to what a client says.
enum BybitStreamAnswer {
  /// - Parameters:
  ///   - id: Nil leaves it out, as the private stream does where the client gave none.
  ///   - failure: Empty for success.
  static func acknowledge(
    _ operation: String, id: String?, connection: String, failure: String = ""
  ) -> String {
    var answer: JSONObject = [
      "success": .bool(failure.isEmpty), "ret_msg": .string(failure), "op": .string(operation),
      "conn_id": .string(connection),
    ]
    if let id { answer["req_id"] = .string(id) }
    return JSONValue.object(answer).text
  }

  static func publicPong(id: String?, connection: String) -> String {
    let answer: JSONValue = [
      "success": true, "ret_msg": "pong", "conn_id": .string(connection),
      "req_id": .string(id ?? ""), "op": "ping",
    ]
    return answer.text
  }

  static func privatePong(id: String?, connection: String, milliseconds: Int64) -> String {
    var answer: JSONObject = [:]
    if let id { answer["req_id"] = .string(id) }
    answer["op"] = "pong"
    answer["args"] = [.string("\(milliseconds)")]
    answer["conn_id"] = .string(connection)
    return JSONValue.object(answer).text
  }

  static func unknownTopic(_ topic: String) -> String { "error:handler not found,topic:\(topic)" }
}
