import TradingModel
import Transport

/// The parameters of a call: from the query of a GET, from the JSON body of a POST. Null and empty
/// count as absent, numbers are read from numbers and from texts.
struct BybitParameters {
  private let values: JSONObject

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
