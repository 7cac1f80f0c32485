import TradingModel
import Transport

// Several orders in one call: each has its own fate, the call itself succeeds.

extension BybitServer {
  private typealias Deed = (BybitParameters) async throws(BybitRefusal) -> JSONObject

  func createBatch(_ parameters: BybitParameters) async throws(BybitRefusal) -> BybitAnswer {
    try await batch(parameters, tellsCreation: true) {
      (order: BybitParameters) async throws(BybitRefusal) in try await createOrder(order)
    }
  }

  func amendBatch(_ parameters: BybitParameters) async throws(BybitRefusal) -> BybitAnswer {
    try await batch(parameters, tellsCreation: false) {
      (order: BybitParameters) async throws(BybitRefusal) in try await amendOrder(order)
    }
  }

  func cancelBatch(_ parameters: BybitParameters) async throws(BybitRefusal) -> BybitAnswer {
    try await batch(parameters, tellsCreation: false) {
      (order: BybitParameters) async throws(BybitRefusal) in try await cancelOrder(order)
    }
  }

  /// `result.list` and `retExtInfo.list` run side by side. What is over the limit of the second fails
  /// alone.
  private func batch(
    _ parameters: BybitParameters, tellsCreation: Bool, _ deed: Deed
  ) async throws(BybitRefusal) -> BybitAnswer {
    try parameters.requireLinear()
    let granted = parameters.granted ?? .max
    var rows: [JSONValue] = []
    var fates: [JSONValue] = []
    for (number, order) in try parameters.batch().enumerated() {
      var row: JSONObject = [
        "category": "linear", "symbol": .string(order.text("symbol") ?? ""), "orderId": "",
        "orderLinkId": .string(order.text("orderLinkId") ?? ""),
      ]
      if tellsCreation { row["createAt"] = "" }
      do throws(BybitRefusal) {
        guard number < granted else { throw .tooManyVisits }
        let ids = try await deed(order)
        for field in ids.fields { row[field.key] = field.value }
        if tellsCreation { row["createAt"] = .string("\(clock.now.milliseconds)") }
        fates.append(["code": 0, "msg": "OK"])
      } catch {
        fates.append(["code": .integer(error.code), "msg": .string(error.reason)])
      }
      rows.append(.object(row))
    }
    return BybitAnswer(result: ["list": .array(rows)], extra: ["list": .array(fates)])
  }
}
