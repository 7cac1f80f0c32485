import Simulation
import TradingModel
import Transport

/// Why a request is refused: Bybit's code and words.
///
/// Source: Bybit V5 error codes, and texts seen in captures.
struct BybitRefusal: Error, Hashable {
  var code: Int
  var reason: String
  /// What `result` holds: mostly nothing.
  var result: JSONObject = [:]
  /// 200 for what the business refuses, another status for what the gateway does.
  var status = 200

  init(_ code: Int, _ reason: String, result: JSONObject = [:], status: Int = 200) {
    self.code = code
    self.reason = reason
    self.result = result
    self.status = status
  }

  init(_ rejection: PaperRejection) {
    self.init(rejection.bybit.code, rejection.bybit.reason)
    if rejection.meaning == .marginModeBlocked {
      result = [
        "reasons": [["reasonCode": "3400000", "reasonMsg": "there are open positions or orders"]]
      ]
    }
  }

  static func parameter(_ name: String) -> BybitRefusal {
    BybitRefusal(10001, "params error: \(name) invalid")
  }

  static let category = BybitRefusal(10001, "Illegal category")
  static let missingID = BybitRefusal(10001, "params error: OrderId or orderLinkId is required")
  static let missingScope = BybitRefusal(
    10001, "Missing some parameters that must be filled in, symbol or settleCoin or baseCoin")
  static let unknownKey = BybitRefusal(10003, "API key is invalid.")
  static let tooManyVisits = BybitRefusal(10006, "Too many visits. Exceeded the API Rate Limit.")
  static let unknownPath = BybitRefusal(10017, "Route not found.", status: 404)
  static let badMethod = BybitRefusal(10001, "Request method is not allowed.", status: 400)
  static let bodyOnRead = BybitRefusal(10001, "A GET request carries no body.", status: 403)

  static func missingAuthority(
    timestamp: String?, key: String?, signature: String?
  ) -> BybitRefusal {
    BybitRefusal(
      10001,
      "empty value: apiTimestamp[\(timestamp ?? "")] apiKey[\(key ?? "")] "
        + "apiSignature[\(signature ?? "")]", status: 401)
  }

  static func badSignature(of text: String) -> BybitRefusal {
    BybitRefusal(
      10004, "error sign! origin_string[\(text)], please check your signature generation algorithm."
    )
  }

  static func outsideWindow(timestamp: Int64, server: Int64, window: Int64) -> BybitRefusal {
    BybitRefusal(
      10002,
      "invalid request, please check your server timestamp or recv_window param. "
        + "req_timestamp[\(timestamp)],server_timestamp[\(server)],recv_window[\(window)]")
  }
}
