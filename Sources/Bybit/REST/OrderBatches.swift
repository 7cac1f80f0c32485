import TradingModel
import Transport

/// What was asked for many orders at once: each counts against the limit as if it came alone, and
/// each has an outcome of its own.
///
/// Source: https://bybit-exchange.github.io/docs/v5/order/batch-place
enum OrderBatch {
  /// Linear contracts in one request.
  static let mostItems = 20

  enum Operation: String {
    case create, amend, cancel

    var path: String { "/v5/order/\(rawValue)-batch" }
    /// On the trade connection.
    var name: String { "order.\(rawValue)-batch" }
  }

  static func body(_ items: some Sequence<JSONObject>) -> JSONObject {
    ["category": "linear", "request": .array(items.map { .object($0) })]
  }

  /// The outcomes of all items, sent in requests of the most that one takes. A request that fails
  /// as a whole is the outcome of each of its items.
  nonisolated(nonsending) static func sending(
    _ items: [JSONObject], mostAtOnce: Int,
    _ send:
      nonisolated(nonsending) (JSONObject, Int) async throws(VenueError) -> [Result<
        JSONValue, VenueError
      >]
  ) async -> [Result<JSONValue, VenueError>] {
    var outcomes: [Result<JSONValue, VenueError>] = []
    for start in stride(from: 0, to: items.count, by: max(1, mostAtOnce)) {
      let part = items[start..<min(start + max(1, mostAtOnce), items.count)]
      do throws(VenueError) {
        outcomes += try await send(body(part), part.count)
      } catch {
        outcomes += part.map { _ in .failure(error) }
      }
    }
    return outcomes
  }

  /// The venue's ids of created orders.
  static func ids(_ outcomes: [Result<JSONValue, VenueError>]) -> [Result<String, VenueError>] {
    outcomes.map { outcome in
      outcome.flatMap { row in
        Result { () throws(VenueError) in try placedID(in: row) }
      }
    }
  }

  /// A refusal that says so of what was wanted is success.
  static func accepting(
    _ meaning: Rejection.Meaning, _ outcomes: [Result<JSONValue, VenueError>]
  ) -> [Result<Void, VenueError>] {
    outcomes.map { outcome in
      switch outcome {
      case .success: .success(())
      case .failure(.rejected(let rejection)) where rejection.meaning == meaning: .success(())
      case .failure(let error): .failure(error)
      }
    }
  }
}

extension BybitREST {
  /// One request of a batch, as it stands: `POST` to one of the `-batch` endpoints.
  nonisolated(nonsending) func sendBatch(
    _ operation: OrderBatch.Operation, _ body: JSONObject, count: Int, reducesOnly: Bool,
    isCharged: Bool
  ) async throws(VenueError) -> [Result<JSONValue, VenueError>] {
    let (answer, reset) = try await postWhole(
      operation.path, body, cost: count, reducesOnly: reducesOnly, isCharged: isCharged)
    return try answer.outcomes(count: count, limitResetsIn: reset)
  }
}
