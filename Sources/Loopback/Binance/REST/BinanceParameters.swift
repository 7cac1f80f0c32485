import TradingModel
import Transport

/// The parameters of a call: from the query and, where there is a body, from the form in it; the
/// query wins. On the WebSocket API they come as a JSON object.
struct BinanceParameters: Sendable {
  private var values: [String: String] = [:]
  /// In the order they came; of the WebSocket API sorted by name.
  private(set) var names: [String] = []

  init(_ request: ServerRequest) {
    var query = RequestParameters()
    query.addURLEncoded(request.query)
    add(query)
    guard request.method != "GET" else { return }
    var form = RequestParameters()
    form.addURLEncoded(request.bodyText)
    add(form)
  }

  init(_ object: JSONObject) {
    for field in object.fields.sorted(by: { $0.key < $1.key }) where values[field.key] == nil {
      switch field.value {
      case .null: continue
      case .string(let text): values[field.key] = text
      default: values[field.key] = field.value.text
      }
      names.append(field.key)
    }
  }

  private mutating func add(_ parameters: RequestParameters) {
    for parameter in parameters.values where values[parameter.name] == nil {
      values[parameter.name] = parameter.value
      names.append(parameter.name)
    }
  }

  /// What the WebSocket API signs: everything but the signature, sorted by name.
  var signedText: String {
    names.sorted().filter { $0 != "signature" }.map { "\($0)=\(values[$0] ?? "")" }
      .joined(separator: "&")
  }

  /// An empty value is as good as none.
  subscript(name: String) -> String? {
    get {
      guard let value = values[name], !value.isEmpty else { return nil }
      return value
    }
    set {
      if values[name] == nil { names.append(name) }
      values[name] = newValue ?? ""
    }
  }

  func required(_ name: String) throws(BinanceRefusal) -> String {
    guard let value = self[name] else { throw .missing(name) }
    return value
  }

  func integer(_ name: String) throws(BinanceRefusal) -> Int64? {
    guard let text = self[name] else { return nil }
    guard let value = Int64(text) else { throw .illegal(name) }
    return value
  }

  /// `true` or `false`, in either case.
  func flag(_ name: String) throws(BinanceRefusal) -> Bool? {
    switch self[name]?.lowercased() {
    case nil: nil
    case "true": true
    case "false": false
    default: throw .invalid(name)
    }
  }

  /// - Throws: −1111 for more than eight places, −1102 for what is no number.
  func amount<Amount: ExactAmount>(
    _ name: String, as type: Amount.Type = Amount.self
  ) throws(BinanceRefusal) -> Amount? {
    guard let text = self[name] else { return nil }
    do throws(AmountError) {
      return try Amount(text)
    } catch .tooManyDecimals {
      throw .precision
    } catch {
      throw .illegal(name)
    }
  }

  var symbol: Symbol? { self["symbol"].map { Symbol(venueName: $0) } }

  /// - Parameter most: A larger one is refused, or cut down where `clamps` says so.
  func limit(standard: Int, most: Int) throws(BinanceRefusal) -> Int {
    guard let limit = try integer("limit") else { return standard }
    guard limit >= 1, limit <= Int64(most) else { throw .invalid("limit") }
    return Int(limit)
  }

  /// `startTime` and `endTime`, in ms.
  func span(longestHours: Int? = nil) throws(BinanceRefusal) -> (start: Int64?, end: Int64?) {
    let (start, end) = (try integer("startTime"), try integer("endTime"))
    guard let start, let end else { return (start, end) }
    guard start <= end else { throw .badCombination }
    if let longestHours,
      end.subtractingReportingOverflow(start).partialValue > Int64(longestHours) * 3_600_000
    {
      throw .span(hours: longestHours)
    }
    return (start, end)
  }
}
