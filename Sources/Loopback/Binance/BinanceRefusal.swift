import Transport

/// Why a request is refused: Binance's code and words, and the HTTP status they come with.
struct BinanceRefusal: Error, Hashable {
  var code: Int
  var reason: String
  var status = 400

  static let badSymbol = BinanceRefusal(code: -1121, reason: "Invalid symbol.")

  static func unknownPath(_ path: String, method: String) -> BinanceRefusal {
    BinanceRefusal(code: -5000, reason: "Path \(path), Method \(method) is invalid", status: 404)
  }

  var json: JSONValue { ["code": .integer(code), "msg": .string(reason)] }
}
