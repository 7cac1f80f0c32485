import TradingModel
import Transport

/// What a client says on a stream: `{"method":…, "params":[…], "id":…}`.
enum BinanceStreamCommand {
  /// Carries a command out.
  /// - Returns: The answer.
  static func answer(_ text: String, number: Int, on stream: BinanceStream) -> String {
    let json: JSONValue
    do {
      json = try JSONValue(parsing: text)
    } catch {
      return refusal(3, "Invalid JSON: expected value at line 1 column 1")
    }
    guard case .object? = Optional(json), let method = json["method"]?.stringValue,
      case .number(let id)? = json["id"], UInt64(id) != nil
    else { return refusal(2, "Invalid request: request must have a method and an unsigned id") }
    var parameters: [JSONValue] = []
    if case .array(let given)? = json["params"] { parameters = given }
    let streams = parameters.compactMap(\.stringValue)
    switch method {
    case "SUBSCRIBE", "UNSUBSCRIBE":
      guard !streams.isEmpty, streams.count == parameters.count else {
        return refusal(2, "Invalid request: params must be stream names")
      }
      if method == "SUBSCRIBE" {
        if let reason = stream.subscribe(number, to: streams) { return refusal(2, reason) }
      } else {
        stream.unsubscribe(number, from: streams)
      }
      return result(.null, id)
    case "LIST_SUBSCRIPTIONS":
      let topics = stream.topics(of: number).sorted()
      return result(.array(topics.map { .string($0) }), id)
    case "SET_PROPERTY":
      guard streams.first == "combined" else { return refusal(0, "Unknown property") }
      guard parameters.count == 2, case .bool(let isWrapped) = parameters[1] else {
        return refusal(1, "Invalid value type: expected Boolean")
      }
      stream.setWrapped(number, isWrapped)
      return result(.null, id)
    case "GET_PROPERTY":
      guard streams == ["combined"] else { return refusal(0, "Unknown property") }
      return result(.bool(stream.isWrapped(number)), id)
    default:
      return refusal(2, "Invalid request: unknown variant `\(method)`")
    }
  }

  private static func result(_ value: JSONValue, _ id: String) -> String {
    JSONValue.object(["result": value, "id": .number(id)]).text
  }

  private static func refusal(_ code: Int, _ reason: String) -> String {
    JSONValue.object(["code": .integer(code), "msg": .string(reason)]).text
  }
}
