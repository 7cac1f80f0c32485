import Logging
import Synchronization
import TradingModel
import Transport

/// Signed and public requests of Bybit V5, with failures told by what to do next.
///
/// Source: https://bybit-exchange.github.io/docs/v5/guide#authentication and `/v5/error`
public final class BybitREST: Sendable {
  /// Whether asking may have changed something at the venue.
  enum Purpose { case reading, changing }

  private let http: any HTTPClient
  private let base: RequestURL
  private let settings: BybitSettings
  private let keys: BybitKeys?
  let clock: any WallClock
  let log: Logger
  private let outage: Outage
  private let measuredOffset = Mutex(Duration.zero)
  private let marginModeRead = Mutex<MarginMode?>(nil)
  let pace: BybitPace
  let ledgerLog = Mutex(LedgerLog())

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
    pace = BybitPace(ordersPerSecond: max(1, settings.ordersPerSecond), clock: clock)
    base = try RequestURL(settings.restURL)
  }

  var now: Timestamp { clock.now }

  /// How far the venue's clock is ahead of ours, as measured when it last complained; zero before.
  public var clockOffset: Duration { measuredOffset.withLock { $0 } }

  var venueNow: Timestamp { clock.now + clockOffset }

  /// The account's margin mode as last read; nil before.
  public internal(set) var lastMarginMode: MarginMode? {
    get { marginModeRead.withLock { $0 } }
    set { marginModeRead.withLock { $0 = newValue } }
  }

  /// A GET; the `result` of the envelope.
  /// - Parameter query: In this order, which is also the order that is signed.
  nonisolated(nonsending) func get(
    _ path: String, _ query: [(name: String, value: String)] = [], signed: Bool = true
  ) async throws(VenueError) -> JSONValue {
    let text = PercentEncoding.form(query)
    let request = HTTPRequest(.get, base.appending(path: path).with(query: text))
    let call = Call(
      path: path, content: text, purpose: .reading, isSigned: signed, lane: BybitPace.lane(path))
    return try await exchange(request, call).answer.result
  }

  /// A signed POST of JSON; the `result` of the envelope.
  @discardableResult
  nonisolated(nonsending) func post(
    _ path: String, _ body: JSONObject, reducesOnly: Bool = false, isCharged: Bool = false
  ) async throws(VenueError) -> JSONValue {
    try await postWhole(path, body, reducesOnly: reducesOnly, isCharged: isCharged).answer.result
  }

  /// A signed POST of JSON; the whole envelope, for what is answered item by item.
  /// - Parameters:
  ///   - cost: How many requests it counts as.
  ///   - reducesOnly: Whether it can only make positions smaller: then it may spend what is kept
  ///     for closing.
  ///   - isCharged: Whether the limit has let it through already.
  nonisolated(nonsending) func postWhole(
    _ path: String, _ body: JSONObject, cost: Int = 1, reducesOnly: Bool = false,
    isCharged: Bool = false
  ) async throws(VenueError) -> Reply {
    let request = HTTPRequest.json(.object(body), to: base.appending(path: path))
    let call = Call(
      path: path, content: String(decoding: request.body ?? [], as: UTF8.self),
      purpose: .changing, isSigned: true, cost: cost,
      lane: BybitPace.lane(path, reducesOnly: reducesOnly), isCharged: isCharged)
    return try await exchange(request, call)
  }

  typealias Reply = (answer: BybitAnswer, limitResetsIn: Duration)

  /// What is asked, as it is paced, signed and logged: the log sees no header, so neither key nor
  /// signature.
  private struct Call {
    let path: String
    let content: String
    let purpose: Purpose
    let isSigned: Bool
    var cost = 1
    let lane: RateBudget.Lane
    var isCharged = false
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

  private nonisolated(nonsending) func exchange(
    _ unsent: HTTPRequest, _ call: Call
  ) async throws(VenueError) -> Reply {
    if !call.isCharged { try await pace.pass(call.path, cost: call.cost, lane: call.lane) }
    // Signed after the wait: a signature has its time.
    var request = unsent
    if call.isSigned { try sign(&request, text: call.content) }
    request.connectTimeout = settings.connectTimeout
    request.totalTimeout = settings.totalTimeout
    let sentAt = clock.now
    let response: HTTPResponse
    do throws(HTTPError) {
      response = try await http.send(request)
    } catch {
      // Who gave up the call knows why.
      if case .cancelled = error {} else { outage.note("\(call.path): \(error)") }
      throw call.purpose == .changing && error.mayHaveBeenCarriedOut
        ? .outcomeUnknown : .unreachable("\(error)")
    }
    outage.end()
    do throws(VenueError) {
      return try await judge(response, of: call, sentAt: sentAt)
    } catch {
      pace.heed(error, of: call.path)
      throw error
    }
  }

  private nonisolated(nonsending) func judge(
    _ response: HTTPResponse, of call: Call, sentAt: Timestamp
  ) async throws(VenueError) -> Reply {
    let limits = LimitHeaders { response.headers[$0] }
    pace.learn(call.path, limits, sentAt: sentAt, clockOffset: clockOffset)
    let reset = limits.wait(at: venueNow)
    let answer: BybitAnswer
    do throws(VenueError) {
      answer = try Self.answer(
        in: response, purpose: call.purpose, redactor: keys?.redactor)
    } catch {
      note(
        call, "Bybit's gateway answered",
        ["status": "\(response.status)", "response": "\(redacted(response.bodyPrefix))"])
      throw error
    }
    guard !answer.isSuccess else { return (answer, reset) }
    note(
      call, "Bybit refused",
      [
        "code": "\(answer.code)", "reason": "\(answer.reason)",
        "response": "\(redacted(response.bodyPrefix))",
      ], isHarmless: BybitCode.known(answer.code)?.isHarmless ?? false)
    if answer.code == 10002 { await measureClock() }
    throw VenueError(
      bybitCode: answer.code, reason: answer.reason, isChanging: call.purpose == .changing,
      limitResetsIn: reset)
  }

  /// Nearly every refusal comes with status 200; other statuses are the gateway's own.
  private static func answer(
    in response: HTTPResponse, purpose: Purpose, redactor: Redactor?
  ) throws(VenueError) -> BybitAnswer {
    let envelope: JSONValue?
    do throws(JSONError) {
      envelope = try response.json()
    } catch  where response.status == 200 {
      throw purpose == .changing ? .outcomeUnknown : .malformed("\(error)")
    } catch {
      envelope = nil  // A page of a gateway: the status says it all.
    }
    if let envelope, response.status == 200 || envelope["retCode"] != nil {
      return try reading { () throws(JSONError) in
        try BybitAnswer(envelope, redactor: redactor)
      }
    }
    switch response.status {
    case 429: throw .rateLimited(retryAfter: response.retryAfter ?? .seconds(1))
    case 401: throw .unauthorised(code: 401, response.bodyPrefix)
    case 403 where response.bodyPrefix.lowercased().contains("too frequent"):
      throw .rateLimited(retryAfter: BybitPace.addressBan)
    case 403: throw .unauthorised(code: 403, response.bodyPrefix)
    case 500...:
      throw purpose == .changing ? .outcomeUnknown : .unreachable("HTTP \(response.status)")
    default: throw .malformed("HTTP \(response.status): \(response.bodyPrefix)")
    }
  }

  /// Takes the venue's clock as ours for signing, so that the next attempt fits its window.
  public nonisolated(nonsending) func measureClock() async {
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

  // MARK: The log

  /// A call that failed, with what was asked and what came back.
  private func note(
    _ call: Call, _ message: Logger.Message, _ facts: Logger.Metadata, isHarmless: Bool = false
  ) {
    var metadata = facts
    metadata["path"] = "\(call.path)"
    metadata["request"] = "\(redacted(String(call.content.prefix(1000))))"
    log.log(level: isHarmless ? .debug : .warning, message, metadata: metadata)
  }

  private func redacted(_ text: String) -> String { keys?.redactor.redact(text) ?? text }
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
