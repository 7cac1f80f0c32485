import Logging
import Synchronization
import TradingModel
import Transport

/// Signed and public requests of Binance USDⓈ-M futures, with failures told by what to do next.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info
public final class BinanceREST: Sendable {
  private let http: any HTTPClient
  private let base: RequestURL
  private let settings: BinanceSettings
  private let keys: BinanceKeys?
  private let clock: any WallClock
  private let log: Logger
  private let measuredOffset = Mutex(Duration.zero)
  let memory = AccountMemory()
  let budget = CallBudget()
  let protectionIDs = ProtectionIDs()
  let turns = Turns()
  let ledgerLog = Mutex(LedgerLog())
  let trade: TradeSocket?

  /// - Parameter keys: Nil for market data alone.
  /// - Throws: `InvalidURL` when the base address is none.
  public init(
    http: any HTTPClient, settings: BinanceSettings, keys: BinanceKeys?, clock: any WallClock,
    log: Logger
  ) throws(InvalidURL) {
    self.http = http
    self.settings = settings
    self.keys = keys
    self.clock = clock
    self.log = log
    base = try RequestURL(settings.restURL)
    trade =
      settings.tradeURL.isEmpty
      ? nil
      : keys.map {
        TradeSocket(
          keys: $0, receiveWindow: settings.receiveWindow, timeout: settings.totalTimeout)
      }
  }

  var now: Timestamp { clock.now }
  var logger: Logger { log }
  func sleep(for duration: Duration) async throws { try await clock.sleep(for: duration) }
  var hasKeys: Bool { keys != nil }
  var tradeURL: String { settings.tradeURL }

  /// How far the venue's clock is ahead of ours, as last measured; zero before.
  public var clockOffset: Duration { measuredOffset.withLock { $0 } }

  var venueNow: Timestamp { clock.now + clockOffset }

  /// What the venue answers, where that is a success: over the trade socket where it is up and knows
  /// the call, else by HTTP.
  nonisolated(nonsending) func send(_ call: BinanceCall) async throws(VenueError) -> JSONValue {
    if call.security != .open, keys == nil {
      throw .unauthorised(code: 0, "no API key was given")
    }
    let sentAt = now
    if !call.isPaid { try budget.admit(call, at: sentAt) }
    if let value = try await sendBySocket(call) { return value }
    let request = try request(for: call)
    let response: HTTPResponse
    do throws(HTTPError) {
      response = try await http.send(request)
    } catch {
      log.warning(
        "Binance did not answer", metadata: ["request": "\(call.text)", "error": "\(error)"])
      throw call.purpose == .changing && error.mayHaveBeenCarriedOut
        ? .outcomeUnknown : .unreachable("\(error)")
    }
    budget.learn(response.headers, sentAt: sentAt, at: now)
    return try await judged(response, call)
  }

  /// The value of an answer. A refusal is logged, and heeded: too many requests make us quiet, a time
  /// outside the window is measured.
  nonisolated(nonsending) func judged(
    _ response: HTTPResponse, _ call: BinanceCall
  ) async throws(VenueError) -> JSONValue {
    do throws(VenueError) {
      return try BinanceAnswer(response, to: call, at: venueNow).value()
    } catch {
      log.warning(
        "Binance refused",
        metadata: [
          "request": "\(call.text)", "status": "\(response.status)",
          "answer": "\(keys?.redactor.redact(response.bodyPrefix) ?? response.bodyPrefix)",
        ])
      // Too many orders is no word on anything else.
      if case .rateLimited(let wait) = error, !isAboutOrders(response),
        call.orders == (0, 0) || response.status != 400
      {
        budget.keepQuiet(until: now + wait)
      }
      if case .clockSkew = error { await measureClock() }
      throw error
    }
  }

  /// -1015: only new orders are too many.
  private func isAboutOrders(_ response: HTTPResponse) -> Bool {
    response.bodyPrefix.contains("-1015")
  }

  private func request(for call: BinanceCall) throws(VenueError) -> HTTPRequest {
    var text = PercentEncoding.form(call.fields)
    var headers = HeaderFields()
    if call.security != .open {
      guard let keys else { throw .unauthorised(code: 0, "no API key was given") }
      headers.add("X-MBX-APIKEY", keys.key)
      if call.security == .signed {
        text = keys.signed(
          call.fields, at: venueNow, receiveWindow: settings.receiveWindow)
      }
    }
    var request: HTTPRequest
    switch call.method {
    case .get, .delete:
      request = HTTPRequest(call.method, base.appending(path: call.path).with(query: text))
    case .post, .put:
      headers.add("Content-Type", "application/x-www-form-urlencoded")
      request = HTTPRequest(call.method, base.appending(path: call.path), body: Array(text.utf8))
    }
    request.headers = headers
    request.connectTimeout = settings.connectTimeout
    request.totalTimeout = settings.totalTimeout
    return request
  }

  /// Takes the venue's clock as ours for signing: at the start, every half hour, and whenever the
  /// venue finds our time outside its window. Where that fails the last measurement stays.
  public nonisolated(nonsending) func measureClock() async {
    do throws(VenueError) {
      let sent = clock.now
      let theirs = try await serverTime()
      let received = clock.now
      let middle = sent + (received - sent) / 2
      measuredOffset.withLock { $0 = theirs - middle }
    } catch {
      log.warning("Binance's clock could not be measured", metadata: ["error": "\(error)"])
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

/// `async let` forgets the type of an error; a result keeps it.
func outcome<Value: Sendable>(
  _ body: @Sendable () async throws(VenueError) -> Value
) async -> Result<Value, VenueError> {
  do throws(VenueError) { return .success(try await body()) } catch { return .failure(error) }
}
