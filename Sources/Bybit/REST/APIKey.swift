import TradingModel
import Transport

extension BybitREST {
  /// `GET /v5/user/query-api`: what the key that asks may do.
  public func keyInformation() async throws(VenueError) -> APIKeyInformation {
    let result = try await get("/v5/user/query-api")
    return try reading { () throws(JSONError) in try APIKeyInformation(bybit: result) }
  }

  /// `GET /v5/account/query-dcp-info`: what happens to orders when all connections fall silent.
  public func disconnectProtection() async throws(VenueError) -> [DisconnectProtection] {
    let result = try await get("/v5/account/query-dcp-info")
    return try reading { () throws(JSONError) in
      try result.map("dcpInfos") { row throws(JSONError) in
        try DisconnectProtection(bybit: row)
      }
    }
  }

  /// `POST /v5/order/disconnected-cancel-all` for derivatives: orders are cancelled when every
  /// connection that listens to `dcp.future` was silent for that long. Institutional accounts only.
  /// - Parameter window: 3 to 300 seconds.
  public func setDisconnectProtection(window: Duration) async throws(VenueError) {
    let seconds = min(max(window.wholeSeconds, 3), 300)
    try await post(
      "/v5/order/disconnected-cancel-all",
      ["product": "DERIVATIVES", "timeWindow": .integer(seconds)])
  }
}

/// What an API key may do, from where, and until when.
public struct APIKeyInformation: Sendable, Hashable {
  public var isReadOnly: Bool
  /// Whether orders and positions of contracts may be changed.
  public var mayTrade: Bool
  /// Money can be taken out: more than a bot should have.
  public var mayWithdraw: Bool
  /// Everything it may do: `ContractTrade.Order`, `Wallet.AccountTransfer`; sorted.
  public var permissions: [String]
  /// Addresses that it is bound to; empty when it may be used from anywhere.
  public var addresses: [String]
  /// Nil when it does not end.
  public var expiresAt: Timestamp?
  public var isUnified: Bool
  public var isMaster: Bool
  public var userID: String

  init(bybit row: JSONValue) throws(JSONError) {
    isReadOnly = try row.integer("readOnly") != 0
    var permissions: [String] = []
    for group in try row.object("permissions").fields {
      guard case .array(let names) = group.value else { continue }
      permissions += names.compactMap(\.stringValue).map { "\(group.key).\($0)" }
    }
    self.permissions = permissions.sorted()
    let contract = permissions.filter { $0.hasPrefix("ContractTrade.") }
    mayTrade =
      !isReadOnly && contract.contains("ContractTrade.Order")
      && contract.contains("ContractTrade.Position")
    mayWithdraw = permissions.contains { $0.lowercased().contains("withdraw") }
    addresses = try row.array("ips").compactMap(\.stringValue).filter { $0 != "*" }
    expiresAt = try row.optionalString("expiredAt").flatMap(Timestamp.init(bybitDate:))
    let status = [try row.optionalInteger("uta"), try row.optionalInteger("unified")]
    isUnified = status.contains { ($0 ?? 0) != 0 }
    isMaster = try row.optionalBool("isMaster") ?? true
    userID = try row.optionalInteger("userID").map { "\($0)" } ?? ""
  }
}

/// Orders are cancelled when all connections fall silent.
public struct DisconnectProtection: Sendable, Hashable {
  /// `SPOT`, `DERIVATIVES`, `OPTIONS`.
  public var product: String
  public var isOn: Bool
  public var window: Duration

  init(bybit row: JSONValue) throws(JSONError) {
    product = try row.string("product")
    isOn = try row.string("dcpStatus") == "ON"
    window = .seconds(try row.integer("timeWindow"))
  }
}

extension Timestamp {
  /// `2023-12-22T07:20:25Z`; nil for what is no such date, and for the year 1, which Bybit writes
  /// for a key that does not end.
  init?(bybitDate text: String) {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasSuffix("Z"), let day = UTCDay(String(parts[0])),
      day.components.year > 1970
    else { return nil }
    let clock = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
    guard clock.count == 3, let hours = Int64(clock[0]), let minutes = Int64(clock[1]),
      let seconds = Int64(clock[2].prefix { $0 != "." }),
      (0..<24).contains(hours), (0..<60).contains(minutes), (0...60).contains(seconds)
    else { return nil }
    self = day.start + .seconds(hours * 3600 + minutes * 60 + seconds)
  }
}
