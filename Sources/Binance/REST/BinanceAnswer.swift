import TradingModel
import Transport

/// What an HTTP answer says: a bare value, or why there is none.
///
/// Success has no envelope. A refusal is `{"code":-1121,"msg":"Invalid symbol."}` with a status of
/// 400 and more; gateways answer with pages of their own.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info,
/// `HTTP Return Codes`
struct BinanceAnswer {
  /// How long a firewall shuts an address out at least that broke its limit.
  private static let firewallBan = Duration.minutes(5)
  /// The shortest ban of an address that went on after 429.
  private static let shortestBan = Duration.minutes(2)

  private let response: HTTPResponse
  private let isChanging: Bool
  /// By the venue's clock.
  private let now: Timestamp

  init(_ response: HTTPResponse, to call: BinanceCall, at now: Timestamp) {
    self.response = response
    isChanging = call.purpose == .changing
    self.now = now
  }

  func value() throws(VenueError) -> JSONValue {
    let body: JSONValue
    do throws(JSONError) {
      body = try response.json()
    } catch {
      guard (200..<300).contains(response.status) else { throw failure(nil) }
      throw isChanging ? .outcomeUnknown : .malformed("\(error)")
    }
    let refusal = Refusal(body)
    guard (200..<300).contains(response.status), refusal == nil else { throw failure(refusal) }
    return body
  }

  private func failure(_ refusal: Refusal?) -> VenueError {
    switch response.status {
    case 429, 418: return .rateLimited(retryAfter: pause(refusal))
    case 408: return unknown("HTTP 408")
    case 503: return unavailable(refusal)
    default: break
    }
    // A failure on their side whose code says nothing to us: the order may exist.
    if response.status >= 500, refusal.map({ BinanceCode($0.code) == nil }) ?? true {
      return unknown("HTTP \(response.status)")
    }
    if let refusal { return refusal.error(isChanging: isChanging, pause: pause(refusal)) }
    switch response.status {
    case 401, 451: return .unauthorised(code: response.status, response.bodyPrefix)
    case 403: return .rateLimited(retryAfter: response.retryAfter ?? Self.firewallBan)
    default: return .malformed("HTTP \(response.status): \(response.bodyPrefix)")
    }
  }

  /// 503 stands for three things, told apart by code and words.
  private func unavailable(_ refusal: Refusal?) -> VenueError {
    if refusal?.code == -1008 {
      return refusal?.error(isChanging: isChanging, pause: pause(refusal)) ?? unknown("HTTP 503")
    }
    let words = (refusal?.reason ?? response.bodyPrefix).lowercased()
    // Failed for certain: it may be sent again.
    if words.contains("service unavailable") { return .unreachable("HTTP 503 \(words)") }
    // "Unknown error, please check your request or try again later.", and whatever else.
    return unknown("HTTP 503")
  }

  private func unknown(_ words: String) -> VenueError {
    isChanging ? .outcomeUnknown : .unreachable(words)
  }

  /// How long the venue wants to be left alone: its header, the end of a ban as its words have it,
  /// or the rest of the minute that is counted.
  private func pause(_ refusal: Refusal?) -> Duration {
    if let wait = response.retryAfter { return max(wait, .milliseconds(100)) }
    if let end = refusal?.bannedUntil { return max(end - now, .seconds(1)) }
    if response.status == 418 { return Self.shortestBan }
    return .seconds(60 - now.seconds % 60)
  }
}

/// `{"code":-2019,"msg":"Margin is insufficient."}`; nil for everything else, `{"code":200,…}`
/// included, which is how some changes say that they were made.
struct Refusal: Hashable {
  let code: Int
  let reason: String

  init(code: Int, reason: String) {
    self.code = code
    self.reason = reason
  }

  init?(_ body: JSONValue) {
    guard case .number(let digits)? = body["code"], let code = Int(digits), code < 0 else {
      return nil
    }
    self.init(code: code, reason: body["msg"]?.stringValue ?? "")
  }

  /// `Way too many requests; IP(…) banned until 1659146400000. …`
  var bannedUntil: Timestamp? {
    guard let start = reason.firstRange(of: "banned until ")?.upperBound else { return nil }
    return Int64(reason[start...].prefix { $0.isNumber }).map(Timestamp.init(milliseconds:))
  }

  /// - Parameters:
  ///   - isChanging: The request may have changed something, so a server that failed in the middle
  ///     leaves its outcome unknown.
  ///   - pause: How long to wait where the code says "too many".
  func error(isChanging: Bool, pause: Duration) -> VenueError {
    guard let entry = BinanceCode(code) else {
      return .rejected(Rejection(code: code, reason: reason, meaning: .other))
    }
    switch entry.deed {
    case .reject(let meaning):
      return .rejected(Rejection(code: code, reason: entry.sentence, meaning: meaning))
    case .slowDown: return .rateLimited(retryAfter: pause)
    case .lookUp: return isChanging ? .outcomeUnknown : .unreachable(entry.sentence)
    case .measureClock: return .clockSkew(reason.isEmpty ? entry.sentence : reason)
    case .callAPerson: return .unauthorised(code: code, entry.sentence)
    }
  }
}
