/// The words of codes that are asked for by number, and the HTTP status they come with.
///
/// Source: Binance USD-M futures, error codes and general information.
extension BinanceRefusal {
  /// A code as the venue says it; nil for one that is not documented.
  static func known(_ code: Int) -> BinanceRefusal? {
    texts[code].map { BinanceRefusal(code, $0, status: statuses[code] ?? 400) }
  }

  private static let statuses = [
    -1003: 429, -1007: 408, -1008: 503, -1015: 429, -2014: 401, -2015: 401,
  ]

  private static let texts: [Int: String] = [
    -1000: "An unknown error occured while processing the request.",
    -1001: "Internal error; unable to process your request. Please try again.",
    -1003: "Too many requests; please use the websocket for live updates.",
    -1006: "An unexpected response was received from the message bus. Execution status unknown.",
    -1007:
      "Timeout waiting for response from backend server. Send status unknown; execution status "
      + "unknown.",
    -1008:
      "Request throttled by system-level protection. Reduce-only/close-position orders are "
      + "exempt. Please try again.",
    -1015: "Too many new orders; current limit is 300 orders per TEN_SECONDS.",
    -1021: "Timestamp for this request is outside of the recvWindow.",
    -1022: "Signature for this request is not valid.",
    -1099: "Not found, authenticated, or authorized.",
    -1100: "Illegal characters found in a parameter.",
    -1101: "Too many parameters sent for this endpoint.",
    -1102: "A mandatory parameter was not sent, was empty/null, or malformed.",
    -1103: "An unknown parameter was sent.", -1104: "Not all sent parameters were read.",
    -1105: "A parameter was empty.", -1106: "A parameter was sent when not required.",
    -1111: "Precision is over the maximum defined for this asset.",
    -1112: "No orders on book for symbol.", -1115: "Invalid timeInForce.",
    -1116: "Invalid orderType.", -1117: "Invalid side.", -1120: "Invalid interval.",
    -1121: "Invalid symbol.", -1125: "This listenKey does not exist.",
    -1127: "Lookup interval is too big.", -1128: "Combination of optional parameters invalid.",
    -1130: "Invalid data sent for a parameter.",
    -2010: "NEW_ORDER_REJECTED", -2011: "Unknown order sent.", -2013: "Order does not exist.",
    -2014: "API-key format invalid.",
    -2015: "Invalid API-key, IP, or permissions for action.",
    -2018: "Balance is insufficient.", -2019: "Margin is insufficient.",
    -2020: "Unable to fill.", -2021: "Order would immediately trigger.",
    -2022: "ReduceOnly Order is rejected.", -2024: "Position is not sufficient.",
    -2025: "Reach max open order limit.",
    -2026: "This OrderType is not supported when reduceOnly.",
    -2027: "Exceeded the maximum allowable position at current leverage.",
    -2028: "Leverage is smaller than permitted: insufficient margin balance.",
    -4001: "Price less than 0.", -4002: "Price greater than max price.",
    -4003: "Quantity less than or equal to zero.", -4004: "Quantity less than min quantity.",
    -4005: "Quantity greater than max quantity.", -4013: "Price less than min price.",
    -4014: "Price not increased by tick size.", -4015: "Client order id is not valid.",
    -4016: "Limit price can't be higher than the mark-price multiplier cap.",
    -4021: "Invalid depth limit.", -4023: "Quantity not increased by step size.",
    -4024: "Limit price can't be lower than the mark-price multiplier floor.",
    -4028: "Leverage is not valid", -4045: "Reach max stop order limit.",
    -4046: "No need to change margin type.",
    -4047: "Margin type cannot be changed if there exists open orders.",
    -4048: "Margin type cannot be changed if there exists position.",
    -4059: "No need to change position side.",
    -4061: "Order's position side does not match user's setting.",
    -4062: "Invalid or improper reduceOnly value.",
    -4067: "Position side cannot be changed if there exists open orders.",
    -4068: "Position side cannot be changed if there exists position.",
    -4082: "Invalid number of batch place orders.", -4116: "ClientOrderId is duplicated.",
    -4118: "ReduceOnly Order Failed. Please check your existing position and open orders",
    -4120:
      "Order type not supported for this endpoint. Please use the Algo Order API endpoints "
      + "instead.",
    -4131: "The counterparty's best price does not meet the PERCENT_PRICE filter limit.",
    -4137: "Quantity must be zero with closePosition equals true.",
    -4138: "Reduce only must be true with closePosition equals true.",
    -4141: "Symbol is closed.",
    -4161:
      "Leverage reduction is not supported in Isolated Margin Mode with open positions.",
    -4164: "Order's notional must be no smaller than 5.0 (unless you choose reduce only)",
    -4167:
      "Unable to adjust to Multi-Assets mode with symbols of USDⓈ-M Futures under "
      + "isolated-margin mode.",
    -4168: "Unable to adjust to isolated-margin mode under the Multi-Assets mode.",
    -4400:
      "Futures Trading Quantitative Rules violated, only reduceOnly order is allowed, please try "
      + "again later.",
    -4401:
      "Compliance restricted account permission: only reduceOnly order is allowed.",
    -5021:
      "Due to the order could not be filled immediately, the FOK order has been rejected.",
    -5022:
      "Due to the order could not be executed as maker, the Post Only order will be rejected.",
    -5025: "Only limit order is supported.", -5026: "Exceed maximum modify order limit.",
    -5027: "No need to modify the order.",
    -5028: "Timestamp for this request is outside of the ME recvWindow.",
  ]
}
