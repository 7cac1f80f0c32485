import Transport

/// One measured number, with the floor that was measured beside it.
struct Figure {
  /// A stable key: `rest-order`, `decode/bybit/orderbook.50/scanner`.
  var name: String
  var unit: String
  var median: Double
  /// Nil where single samples mean nothing.
  var percentile99: Double?
  /// What the machine does at best: in the unit of `median`.
  var floor: Double
  /// The name of that floor.
  var floorName: String
  /// More of what was measured, in whole numbers.
  var facts: [(name: String, value: Int64)] = []

  /// How many times the floor.
  var ratio: Double { floor > 0 ? median / floor : .nan }

  /// One line.
  var json: String {
    var object: JSONObject = [
      "figure": .string(name), "unit": .string(unit), "median": .rounded(median),
    ]
    if let percentile99 { object["p99"] = .rounded(percentile99) }
    object["floor"] = .rounded(floor)
    object["floor_name"] = .string(floorName)
    object["ratio"] = .rounded(ratio)
    for fact in facts { object[fact.name] = .integer(fact.value) }
    return JSONValue.object(object).text
  }
}

extension JSONValue {
  /// Rounded to what a measurement is worth; null for what is no number.
  static func rounded(_ value: Double) -> JSONValue {
    guard value.isFinite else { return .null }
    let milli = (value * 1000).rounded()
    guard milli.magnitude < 1e15 else { return .null }
    return .number("\(milli / 1000)")
  }
}
