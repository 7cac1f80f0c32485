import TradingModel
import Transport

/// The parameters of a call: from the query of a GET, from the JSON body of a POST. Null and empty
/// count as absent, numbers are read from numbers and from texts.
struct BybitParameters: Sendable {
  /// Categories that exist, and of which there is nothing here.
  static let emptyCategories = ["spot", "inverse", "option"]

  private let values: JSONObject
  /// How many orders of a batch may pass; nil for all.
  var granted: Int?
  /// Who asks; nil where it is not known.
  var apiKey: String?

  init(_ request: ServerRequest) throws(BybitRefusal) {
    guard request.method == "POST" else {
      var query = RequestParameters()
      query.addURLEncoded(request.query)
      values = JSONObject(query.values.map { ($0.name, .string($0.value)) })
      return
    }
    do {
      values = request.body.isEmpty ? [:] : try JSONValue(parsing: request.body).object()
    } catch {
      throw .parameter("json")
    }
  }

  init(_ values: JSONObject) { self.values = values }

  /// The orders of a batch, each with the category of the whole.
  func batch() throws(BybitRefusal) -> [BybitParameters] {
    guard case .array(let items)? = values["request"], !items.isEmpty else {
      throw .parameter("request")
    }
    guard items.count <= Self.mostInBatch else {
      throw BybitRefusal(10001, "The number of orders in a batch exceeds \(Self.mostInBatch)")
    }
    var orders: [BybitParameters] = []
    for item in items {
      guard case .object(var order) = item else { throw .parameter("request") }
      order["category"] = values["category"]
      orders.append(BybitParameters(order))
    }
    return orders
  }

  var batchSize: Int {
    if case .array(let items)? = values["request"] { items.count } else { 1 }
  }

  /// Source: Bybit V5, batch endpoints, for linear contracts.
  private static let mostInBatch = 20

  func text(_ name: String) -> String? {
    switch values[name] {
    case .string(let text)?: text.isEmpty ? nil : text
    case .number(let digits)?: digits
    default: nil
    }
  }

  func flag(_ name: String) throws(BybitRefusal) -> Bool {
    switch values[name] {
    case .bool(let flag)?: flag
    case nil, .null?, .string("")?, .string("false")?: false
    case .string("true")?: true
    default: throw .parameter(name)
    }
  }

  func integer(_ name: String) throws(BybitRefusal) -> Int64? {
    guard let text = text(name) else { return nil }
    guard let value = Int64(text) else { throw .parameter(name) }
    return value
  }

  /// A moment in ms.
  func moment(_ name: String) throws(BybitRefusal) -> Timestamp? {
    guard let milliseconds = try integer(name) else { return nil }
    guard milliseconds >= 0, milliseconds < 10_000_000_000_000 else { throw .parameter(name) }
    return Timestamp(milliseconds: milliseconds)
  }

  func amount<Amount: ExactAmount>(
    _ name: String, as type: Amount.Type = Amount.self
  ) throws(BybitRefusal) -> Amount? {
    guard let text = text(name) else { return nil }
    do { return try Amount(text) } catch { throw .parameter(name) }
  }

  /// A price that is not set counts as absent, also when it is written as zero.
  func price(_ name: String) throws(BybitRefusal) -> Price? {
    let price = try amount(name, as: Price.self)
    return price == .zero ? nil : price
  }

  func required(_ name: String) throws(BybitRefusal) -> String {
    guard let text = text(name) else { throw .parameter(name) }
    return text
  }

  /// The one category that trades here.
  func requireLinear() throws(BybitRefusal) {
    guard text("category") == "linear" else { throw .category }
  }

  var symbol: Symbol? { text("symbol").map { Symbol(venueName: $0) } }

  func requiredSymbol() throws(BybitRefusal) -> Symbol {
    guard let symbol else { throw .parameter("symbol") }
    return symbol
  }

  /// The client's or the venue's id of an order.
  var reference: (venueID: String?, link: ClientOrderID?) {
    (text("orderId"), text("orderLinkId").map { ClientOrderID($0) })
  }

  func limit(standard: Int, most: Int) throws(BybitRefusal) -> Int {
    guard let limit = try integer("limit") else { return standard }
    guard (1...Int64(most)).contains(limit) else { throw .parameter("limit") }
    return Int(limit)
  }
}
