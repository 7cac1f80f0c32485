import Simulation
import TradingModel
import Transport

/// Why a request is refused: Binance's code and words, and the HTTP status they come with.
///
/// Source: Binance USD-M futures, error codes, and texts seen in captures.
struct BinanceRefusal: Error, Hashable {
  var code: Int
  var reason: String
  var status = 400
  /// When to come back, in whole seconds: `Retry-After`.
  var retryAfter: Int64?

  init(_ code: Int, _ reason: String, status: Int = 400, retryAfter: Int64? = nil) {
    self.code = code
    self.reason = reason
    self.status = status
    self.retryAfter = retryAfter
  }

  var json: JSONValue { ["code": .integer(code), "msg": .string(reason)] }
}

// The gateway: limits, keys, times.
extension BinanceRefusal {
  static func unknownPath(_ path: String, method: String) -> BinanceRefusal {
    BinanceRefusal(-5000, "Path \(path), Method \(method) is invalid", status: 404)
  }

  static func tooMuchWeight(limit: Int, retryAfter: Int64) -> BinanceRefusal {
    BinanceRefusal(
      -1003,
      "Too many requests; current limit of IP(127.0.0.1) is \(limit) requests per minute. Please "
        + "use the websocket for live updates to avoid polling the API.",
      status: 429, retryAfter: retryAfter)
  }

  static func banned(until time: Timestamp, retryAfter: Int64) -> BinanceRefusal {
    BinanceRefusal(
      -1003,
      "Way too many requests; IP(127.0.0.1) banned until \(time.milliseconds). Please use the "
        + "websocket for live updates to avoid bans.",
      status: 418, retryAfter: retryAfter)
  }

  static func tooManyOrders(limit: Int, per interval: String, retryAfter: Int64) -> BinanceRefusal {
    BinanceRefusal(
      -1015, "Too many new orders; current limit is \(limit) orders per \(interval).",
      status: 429, retryAfter: retryAfter)
  }

  static let badKeyFormat = BinanceRefusal(-2014, "API-key format invalid.", status: 401)
  static let unknownKey = BinanceRefusal(
    -2015, "Invalid API-key, IP, or permissions for action, request ip: 127.0.0.1", status: 401)
  static let badSignature = BinanceRefusal(-1022, "Signature for this request is not valid.")
  static let tooEarly = BinanceRefusal(
    -1021, "Timestamp for this request was 1000ms ahead of the server's time.")
  static let tooLate = BinanceRefusal(
    -1021, "Timestamp for this request is outside of the recvWindow.")
}

// What a request says.
extension BinanceRefusal {
  static func missing(_ name: String) -> BinanceRefusal {
    BinanceRefusal(
      -1102, "Mandatory parameter '\(name)' was not sent, was empty/null, or malformed.")
  }

  static func missing(_ first: String, or second: String) -> BinanceRefusal {
    BinanceRefusal(
      -1102,
      "Param '\(first)' or '\(second)' must be sent, but both were empty/null!")
  }

  static func illegal(_ name: String) -> BinanceRefusal {
    BinanceRefusal(-1100, "Illegal characters found in parameter '\(name)'.")
  }

  static func notRequired(_ name: String) -> BinanceRefusal {
    BinanceRefusal(-1106, "Parameter '\(name)' sent when not required.")
  }

  static func invalid(_ name: String) -> BinanceRefusal {
    BinanceRefusal(-1130, "Data sent for parameter '\(name)' is not valid.")
  }

  static let precision = BinanceRefusal(
    -1111, "Precision is over the maximum defined for this asset.")
  static let emptyBook = BinanceRefusal(-1112, "No orders on book for symbol.")
  static let badTimeInForce = BinanceRefusal(-1115, "Invalid timeInForce.")
  static let badType = BinanceRefusal(-1116, "Invalid orderType.")
  static let badSide = BinanceRefusal(-1117, "Invalid side.")
  static let badInterval = BinanceRefusal(-1120, "Invalid interval.")
  static let badSymbol = BinanceRefusal(-1121, "Invalid symbol.")
  static let unknownListenKey = BinanceRefusal(-1125, "This listenKey does not exist.")
  static let badCombination = BinanceRefusal(
    -1128, "Combination of optional parameters invalid.")

  static func span(hours: Int) -> BinanceRefusal {
    BinanceRefusal(-1127, "More than \(hours) hours between startTime and endTime.")
  }
}

// What an order is refused for.
extension BinanceRefusal {
  static let rejected = BinanceRefusal(-2010, "NEW_ORDER_REJECTED")
  static let unknownOrder = BinanceRefusal(-2011, "Unknown order sent.")
  static let noSuchOrder = BinanceRefusal(-2013, "Order does not exist.")
  static let insufficientBalance = BinanceRefusal(-2018, "Balance is insufficient.")
  static let insufficientMargin = BinanceRefusal(-2019, "Margin is insufficient.")
  static let wouldTrigger = BinanceRefusal(-2021, "Order would immediately trigger.")
  static let reduceOnly = BinanceRefusal(-2022, "ReduceOnly Order is rejected.")
  static let tooManyOpenOrders = BinanceRefusal(-2025, "Reach max open order limit.")
  static let positionLimit = BinanceRefusal(
    -2027, "Exceeded the maximum allowable position at current leverage.")
  static let leverageTooLow = BinanceRefusal(
    -2028, "Leverage is smaller than permitted: insufficient margin balance.")
  static let negativePrice = BinanceRefusal(-4001, "Price less than 0.")
  static let priceTooHigh = BinanceRefusal(-4002, "Price greater than max price.")
  static let negativeQuantity = BinanceRefusal(-4003, "Quantity less than or equal to zero.")
  static let quantityTooSmall = BinanceRefusal(-4004, "Quantity less than min quantity.")
  static let quantityTooLarge = BinanceRefusal(-4005, "Quantity greater than max quantity.")
  static let priceTooLow = BinanceRefusal(-4013, "Price less than min price.")
  static let offTick = BinanceRefusal(-4014, "Price not increased by tick size.")
  static let badClientID = BinanceRefusal(-4015, "Client order id is not valid.")
  static let badDepth = BinanceRefusal(-4021, "Invalid depth limit.")
  static let offStep = BinanceRefusal(-4023, "Quantity not increased by step size.")
  static let tooManyStops = BinanceRefusal(-4045, "Reach max stop order limit.")
  static let wrongPositionSide = BinanceRefusal(
    -4061, "Order's position side does not match user's setting.")
  static let badReduceOnly = BinanceRefusal(-1106, "Parameter 'reduceonly' sent when not required.")
  static let badBatch = BinanceRefusal(-4082, "Invalid number of batch place orders.")
  static let duplicateClientID = BinanceRefusal(-4116, "ClientOrderId is duplicated.")
  static let useAlgo = BinanceRefusal(
    -4120,
    "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.")
  static let closePositionTwice = BinanceRefusal(
    -4130,
    "An open stop or take profit order with GTE and closePosition in the direction is existing.")
  static let closePositionQuantity = BinanceRefusal(
    -4137, "Quantity must be zero with closePosition equals true.")
  static let closePositionReduceOnly = BinanceRefusal(
    -4138, "Reduce only must be true with closePosition equals true.")
  static let symbolClosed = BinanceRefusal(-4141, "Symbol is closed.")
  static let fillOrKill = BinanceRefusal(
    -5021,
    "Due to the order could not be filled immediately, the FOK order has been rejected. The order "
      + "will not be recorded in the order history")
  static let postOnly = BinanceRefusal(
    -5022,
    "Due to the order could not be executed as maker, the Post Only order will be rejected. The "
      + "order will not be recorded in the order history")
  static let modifyLimitOnly = BinanceRefusal(-5025, "Only limit order is supported.")
  static let modifiedTooOften = BinanceRefusal(-5026, "Exceed maximum modify order limit.")
  static let unmodified = BinanceRefusal(-5027, "No need to modify the order.")

  static func priceAbove(_ limit: String) -> BinanceRefusal {
    BinanceRefusal(-4016, "Limit price can't be higher than \(limit).")
  }

  static func priceBelow(_ limit: String) -> BinanceRefusal {
    BinanceRefusal(-4024, "Limit price can't be lower than \(limit).")
  }

  static func notional(_ least: Notional) -> BinanceRefusal {
    BinanceRefusal(
      -4164,
      "Order's notional must be no smaller than \(least.text(decimals: 1)) (unless you choose "
        + "reduce only)")
  }
}

// Settings of symbol and account.
extension BinanceRefusal {
  static func leverage(_ text: String) -> BinanceRefusal {
    BinanceRefusal(-4028, "Leverage \(text) is not valid")
  }

  static let marginTypeUnchanged = BinanceRefusal(-4046, "No need to change margin type.")
  static let marginTypeBlockedByOrders = BinanceRefusal(
    -4047, "Margin type cannot be changed if there exists open orders.")
  static let marginTypeBlockedByPosition = BinanceRefusal(
    -4048, "Margin type cannot be changed if there exists position.")
  static let notIsolated = BinanceRefusal(-4049, "Add margin only support for isolated position.")
  static let crossBalance = BinanceRefusal(-4050, "Cross balance insufficient.")
  static let isolatedBalance = BinanceRefusal(-4051, "Isolated balance insufficient.")
  static let noPosition = BinanceRefusal(-4054, "Cannot add position margin: position is 0.")
  static let badAmount = BinanceRefusal(-4055, "Amount must be positive.")
  static let positionSideUnchanged = BinanceRefusal(-4059, "No need to change position side.")
  static let positionSideBlockedByOrders = BinanceRefusal(
    -4067, "Position side cannot be changed if there exists open orders.")
  static let positionSideBlockedByPosition = BinanceRefusal(
    -4068, "Position side cannot be changed if there exists position.")
  static let leverageReduction = BinanceRefusal(
    -4161, "Leverage reduction is not supported in Isolated Margin Mode with open positions.")
  static let multiAssetsBlockedByIsolated = BinanceRefusal(
    -4167,
    "Unable to adjust to Multi-Assets mode with symbols of USDⓈ-M Futures under isolated-margin "
      + "mode.")
  static let isolatedInMultiAssets = BinanceRefusal(
    -4168, "Unable to adjust to isolated-margin mode under the Multi-Assets mode.")
  static let multiAssetsUnchanged = BinanceRefusal(
    -4171, "No need to change Joint Margin mode.")
}

extension BinanceRefusal {
  /// What the paper venue refuses, in Binance's words.
  init(_ rejection: PaperRejection) {
    let answer = rejection.binance
    self.init(answer.code, answer.reason)
  }
}
