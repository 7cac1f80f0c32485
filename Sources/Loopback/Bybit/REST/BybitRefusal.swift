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
  /// What `retExtInfo` holds.
  var extra: JSONObject = [:]
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
  static let readOnlyKey = BybitRefusal(
    10005, "Permission denied, please check your API key permissions.")
  static let noMarket = BybitRefusal(110_118, "Market price is not available")
  static let notSignedIn = BybitRefusal(10_003, "Request not authorized: sign in first.")
  static let unifiedAccount = BybitRefusal(
    100_028, "The API cannot be accessed by unified account users.")
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

extension BybitRefusal {
  /// The words of codes that are asked for by number. Source: Bybit V5 error codes.
  static let texts: [Int: String] = [
    -1: "request expired", 10000: "Server Timeout", 10001: "Request parameter error.",
    10002: "invalid request, please check your server timestamp or recv_window param.",
    10003: "API key is invalid.", 10004: "error sign!",
    10005: "Permission denied, please check your API key permissions.",
    10006: "Too many visits. Exceeded the API Rate Limit.", 10007: "User authentication failed.",
    10008: "Common banned, please check your account mode",
    10009: "IP has been banned.",
    10010: "Unmatched IP, please check your API key's bound IP addresses.",
    10014: "Invalid duplicate request.", 10016: "Server error.", 10017: "Route not found.",
    10018: "Exceeded the IP Rate Limit.", 10019: "Service is restarting.",
    10024: "Compliance rules triggered", 10027: "Transactions are banned.",
    10028: "The API can only be accessed by unified account users.",
    10029: "The requested symbol is invalid, please check symbol whitelist",
    10403: "Exceed IP rate limit.", 10404: "op type is not found",
    10429: "System level frequency protection", 20001: "Repeat auth",
    20003: "Too frequent requests under the same session", 20006: "Duplicate reqId",
    33004: "Your api key has expired.", 34040: "not modified",
    110001: "order not exists or too late to cancel",
    110003: "Order price is out of permissible range", 110004: "Wallet balance is insufficient",
    110006: "The assets are estimated to be unable to cover the position margin",
    110007: "ab not enough for new order", 110008: "Order has been finished or canceled",
    110009: "The number of stop orders exceeds the maximum allowable limit",
    110010: "Order already cancelled", 110012: "Available balance is insufficient",
    110013: "cannot set leverage due to risk limit level",
    110014: "Insufficient available balance to add additional margin",
    110015: "The position is in cross margin", 110016: "The requested quantity is too large",
    110017: "Reduce-only rule not satisfied",
    110020: "Not allowed to have more than 500 active orders",
    110021: "Not allowed to exceeded position limits due to Open Interest.",
    110024: "You have an existing position, so position mode cannot be switched",
    110025: "Position mode is not modified",
    110026: "Cross/isolated margin mode is not modified",
    110028: "You have existing open orders, so position mode cannot be switched",
    110029: "Hedge mode is not supported for this symbol", 110030: "Duplicate order id",
    110043: "leverage not modified", 110044: "Available margin is insufficient",
    110045: "Wallet balance is insufficient",
    110061: "Not allowed to have more than 20 TP/SLs under Partial tpSlMode",
    110064: "The new order quantity should be larger than the filled quantity",
    110072: "OrderLinkedID is duplicate", 110073: "Set margin mode failed",
    110074: "This contract is not live", 110075: "RiskId not modified",
    110076: "Only isolated mode can set auto-add-margin",
    110079: "The order is processing and can not be operated, please try again later",
    110086: "leverage too high for the risk limit",
    110090: "Your position after this order would exceed the maximum position limit",
    110092: "expect Rising, but trigger_price[600000000] <= current[640000000]??LastPrice",
    110093: "expect Falling, but trigger_price[640000000] >= current[600000000]??LastPrice",
    110094: "Order does not meet minimum order value 5USDT",
    110118: "Market price is not available", 110120: "Order price is lower than the price limit",
    110121: "Order price is higher than the price limit",
    170130: "Data sent for parameter is not valid.", 170131: "Balance insufficient",
    170132: "Order price too high.", 170133: "Order price too low.",
    170134: "Order price decimal too long.", 170136: "Order quantity too low.",
    170137: "Order volume decimal too long.", 170140: "Order value too low.",
    170141: "Duplicate clientOrderId", 170213: "Order does not exist.",
    3_400_045: "Set margin mode failed",
  ]
}
