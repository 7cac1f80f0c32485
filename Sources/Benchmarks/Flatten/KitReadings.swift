import Synchronization
import Transport

/// The way to the kit's exchange for readings. What that does not serve of an account is answered here,
/// after a request to it that takes as long: a wallet with money in it, no orders, no executions.
struct KitReadings: HTTPClient {
  private let http: any HTTPClient
  private let time: HTTPRequest

  private static let wallet = """
    {"list":[{"accountType":"UNIFIED","totalAvailableBalance":"90000","coin":[{"coin":"USDT",\
    "equity":"100000","walletBalance":"100000","totalPositionIM":"500","totalOrderIM":"0"}]}]}
    """
  private static let none = #"{"list":[],"nextPageCursor":""}"#
  private static let answers = [
    "/v5/account/wallet-balance": wallet, "/v5/order/realtime": none, "/v5/order/history": none,
    "/v5/execution/list": none, "/v5/account/transaction-log": none,
  ]

  init(port: Int, http: any HTTPClient = CurlHTTPClient()) throws {
    self.http = http
    time = HTTPRequest(
      .get, try RequestURL("http://127.0.0.1:\(port)").appending(path: "/v5/market/time"))
  }

  nonisolated(nonsending)
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
  {
    let url = request.url.description
    guard let answer = Self.answers.first(where: { url.contains($0.key) })?.value else {
      return try await http.send(request)
    }
    var response = try await http.send(time)
    response.body = Array(#"{"retCode":0,"retMsg":"OK","result":\#(answer)}"#.utf8)
    return response
  }
}

/// Notes whether the exchange tells a limit with its answers to orders, as an account's does.
final class LimitWatch: HTTPClient {
  private let http: any HTTPClient
  private let state = Mutex(false)

  init(_ http: any HTTPClient) { self.http = http }

  var hasSeenLimit: Bool { state.withLock { $0 } }

  nonisolated(nonsending)
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
  {
    let response = try await http.send(request)
    if response.headers["X-Bapi-Limit"] != nil { state.withLock { $0 = true } }
    return response
  }
}
