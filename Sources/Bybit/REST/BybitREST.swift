import Logging
import Synchronization
import TradingModel
import Transport

/// Signed and public requests of Bybit V5, with failures told by what to do next.
///
/// Source: https://bybit-exchange.github.io/docs/v5/guide#authentication and `/v5/error`
public final class BybitREST: Sendable {
  /// How long an address is shut out at least that asked more than 600 times in 5 s.
  private static let addressBan = Duration.minutes(10)

  /// Whether asking may have changed something at the venue.
  enum Purpose { case reading, changing }

  private let http: any HTTPClient
  private let base: RequestURL
  private let settings: BybitSettings
  private let keys: BybitKeys?
  private let clock: any WallClock
  private let log: Logger
  private let outage: Outage
  private let measuredOffset = Mutex(Duration.zero)
  private let marginModeRead = Mutex<MarginMode?>(nil)

  /// - Parameter keys: Nil for market data alone.
  /// - Throws: `InvalidURL` when the base address is none.
  public init(
    http: any HTTPClient, settings: BybitSettings, keys: BybitKeys?, clock: any WallClock,
    log: Logger
  ) throws(InvalidURL) {
    self.http = http
    self.settings = settings
    self.keys = keys
    self.clock = clock
    self.log = log
    outage = Outage(of: "Bybit's REST interface", clock: clock, log: log)
    base = try RequestURL(settings.restURL)
  }

  var now: Timestamp { clock.now }

  /// How far the venue's clock is ahead of ours, as measured when it last complained; zero before.
  public var clockOffset: Duration { measuredOffset.withLock { $0 } }

  private var venueNow: Timestamp { clock.now + clockOffset }

  /// The account's margin mode as last read; nil before.
  public internal(set) var lastMarginMode: MarginMode? {
    get { marginModeRead.withLock { $0 } }
    set { marginModeRead.withLock { $0 = newValue } }
  }

  /// A GET; the `result` of the envelope.
  /// - Parameter query: In this order, which is also the order that is signed.
  func get(
    _ path: String, _ query: [(name: String, value: String)] = [], signed: Bool = true
  ) async throws(VenueError) -> JSONValue {
    let text = PercentEncoding.form(query)
    var request = HTTPRequest(.get, base.appending(path: path).with(query: text))
    if signed { try sign(&request, text: text) }
    return try await exchange(request, path: path, purpose: .reading)
  }

  /// A signed POST of JSON; the `result` of the envelope.
  func post(_ path: String, _ body: JSONObject) async throws(VenueError) -> JSONValue {
    var request = HTTPRequest.json(.object(body), to: base.appending(path: path))
    try sign(&request, text: String(decoding: request.body ?? [], as: UTF8.self))
    return try await exchange(request, path: path, purpose: .changing)
  }

  private func sign(_ request: inout HTTPRequest, text: String) throws(VenueError) {
    guard let keys else { throw .unauthorised(code: 0, "no API key was given") }
    let time = venueNow
    let window = settings.receiveWindow
    request.headers.add("X-BAPI-API-KEY", keys.key)
    request.headers.add("X-BAPI-TIMESTAMP", "\(time.milliseconds)")
    request.headers.add("X-BAPI-RECV-WINDOW", "\(window.wholeMilliseconds)")
    request.headers.add(
      "X-BAPI-SIGN", keys.signature(at: time, receiveWindow: window, content: text))
  }

  private func exchange(
    _ unsent: HTTPRequest, path: String, purpose: Purpose
  ) async throws(VenueError) -> JSONValue {
    var request = unsent
    request.connectTimeout = settings.connectTimeout
    request.totalTimeout = settings.totalTimeout
    let response: HTTPResponse
    do throws(HTTPError) {
      response = try await http.send(request)
    } catch {
      // Who gave up the call knows why.
      if case .cancelled = error {} else { outage.note("\(path): \(error)") }
      throw purpose == .changing && error.mayHaveBeenCarriedOut
        ? .outcomeUnknown : .unreachable("\(error)")
    }
    outage.end()
    let envelope = try envelope(of: response, purpose: purpose)
    let code = try field(envelope, "retCode")
    guard code != 0 else { return envelope["result"] ?? .object([:]) }
    let reason = envelope["retMsg"]?.stringValue ?? ""
    log.info(
      "Bybit refused",
      metadata: ["path": "\(path)", "code": "\(code)", "reason": "\(reason)"])
    if code == 10002 { await measureClock() }
    throw VenueError(
      bybitCode: Int(clamping: code), reason: reason, isChanging: purpose == .changing,
      limitResetsIn: limitReset(response))
  }

  /// Nearly every refusal comes with status 200; other statuses are the gateway's own.
  private func envelope(
    of response: HTTPResponse, purpose: Purpose
  ) throws(VenueError) -> JSONValue {
    do throws(JSONError) {
      let envelope = try response.json()
      if response.status == 200 || envelope["retCode"] != nil { return envelope }
    } catch  where response.status == 200 {
      throw purpose == .changing ? .outcomeUnknown : .malformed("\(error)")
    } catch {
      // A page of a gateway: the status says it all.
    }
    switch response.status {
    case 429: throw .rateLimited(retryAfter: response.retryAfter ?? .seconds(1))
    case 401: throw .unauthorised(code: 401, response.bodyPrefix)
    case 403 where response.bodyPrefix.lowercased().contains("too frequent"):
      throw .rateLimited(retryAfter: Self.addressBan)
    case 403: throw .unauthorised(code: 403, response.bodyPrefix)
    case 500...:
      throw purpose == .changing ? .outcomeUnknown : .unreachable("HTTP \(response.status)")
    default: throw .malformed("HTTP \(response.status): \(response.bodyPrefix)")
    }
  }

  private func field(_ envelope: JSONValue, _ name: String) throws(VenueError) -> Int64 {
    do throws(JSONError) {
      return try envelope.integer(.field(name))
    } catch {
      throw .malformed("\(error)")
    }
  }

  private func limitReset(_ response: HTTPResponse) -> Duration {
    guard let text = response.headers["X-Bapi-Limit-Reset-Timestamp"], let reset = Int64(text)
    else {
      return .seconds(1)
    }
    return min(max(Timestamp(milliseconds: reset) - venueNow, .milliseconds(20)), .seconds(10))
  }

  /// Takes the venue's clock as ours for signing, so that the next attempt fits its window.
  private func measureClock() async {
    do throws(VenueError) {
      let sent = clock.now
      let theirs = try await serverTime()
      let received = clock.now
      let middle = sent + (received - sent) / 2
      measuredOffset.withLock { $0 = theirs - middle }
    } catch {
      log.warning("Bybit's clock could not be measured", metadata: ["error": "\(error)"])
    }
  }
}

/// Reads a result; a field that is missing or wrong is named with its path.
func reading<Value>(
  _ body: () throws(JSONError) -> Value
) throws(VenueError) -> Value {
  do throws(JSONError) {
    return try body()
  } catch {
    throw .malformed("\(error)")
  }
}
