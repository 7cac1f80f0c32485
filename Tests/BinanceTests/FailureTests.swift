import TestSupport
import Testing
import TradingModel
import Transport

@testable import Binance

/// What a failed request means, and what to do next.
struct FailureTests {
  /// Every code that the reference lists.
  private static let documented: [Int] =
    [-1000, -1001, -1003, -1006, -1007, -1008, -1015, -1021, -1022, -1099] + (-1106...(-1100))
    + [-1111, -1112, -1115, -1116, -1117, -1121, -1125, -1127, -1128, -1130]
    + [-2010, -2011, -2013, -2014, -2015] + (-2022...(-2018)) + (-2028...(-2024))
    + (-4005...(-4001)) + [-4014, -4023, -4015, -4016, -4024, -4021, -4028, -4045, -4046, -4047]
    + [-4048, -4059, -4061, -4062, -4067, -4068, -4082, -4116, -4118, -4120, -4131, -4137, -4138]
    + [-4141, -4161, -4164, -4167, -4168, -4400, -4401, -5021, -5022, -5025, -5026, -5027, -5028]

  @Test func `every documented code has a deed and a sentence`() {
    for code in Self.documented {
      #expect(BinanceCode(code) != nil, "\(code)")
    }
  }

  @Test func `the table is sorted, without doubles, in sentences`() {
    let codes = BinanceCode.table.map(\.code)
    #expect(codes == codes.sorted(by: >))
    #expect(Set(codes).count == codes.count)
    for entry in BinanceCode.table {
      #expect(entry.sentence.count > 10 && entry.sentence.count <= 80, "\(entry)")
      #expect(entry.sentence.last != ".")
    }
  }

  @Test(
    arguments: [
      (-2019, Rejection.Meaning.insufficientBalance), (-4164, .notionalTooSmall),
      (-2022, .reduceOnlyRefused), (-4116, .duplicateID), (-2011, .orderNotFound),
      (-2013, .orderNotFound), (-4046, .notModified), (-4059, .notModified),
      (-2021, .triggerPassed), (-4061, .wrongPositionMode), (-4141, .notTrading),
      (-1121, .unknownSymbol), (-4028, .leverage), (-4048, .marginModeBlocked),
      (-4045, .tooManyOrders), (-2027, .positionLimit), (-1008, .serverBusy),
      (-4120, .other), (-1111, .badQuantity), (-4014, .badPrice),
    ])
  func `a refusal is told by what it means`(code: Int, meaning: Rejection.Meaning) async throws {
    let bench = try RESTBench()
    bench.http.on("POST /fapi/v1/order", .refused(code, "as the venue puts it"))
    let error = await bench.error { () async throws(VenueError) in
      _ = try await bench.rest.place(.entry())
    }
    guard case .rejected(let rejection)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(rejection.code == code && rejection.meaning == meaning)
    #expect(rejection.reason == BinanceCode(code)?.sentence)
  }

  @Test func `a code that nobody documented keeps the venue's words`() async throws {
    let bench = try RESTBench()
    bench.http.on("POST /fapi/v1/order", .refused(-9999, "Something new."))
    #expect(
      await bench.error { () async throws(VenueError) in _ = try await bench.rest.place(.entry()) }
        == .rejected(Rejection(code: -9999, reason: "Something new.", meaning: .other)))
  }

  /// The three variants of 503, and their kin.
  @Test(arguments: [
    (
      503, #"{"code":-1000,"msg":"Unknown error, please check your request or try again later."}"#,
      true
    ),
    (503, #"{"code":-1008,"msg":"Request throttled by system-level protection."}"#, false),
    (503, #"{"code":-1001,"msg":"Service Unavailable."}"#, false), (503, "<html>", true),
    (408, #"{"code":-1007,"msg":"Timeout waiting for response from backend server."}"#, true),
    (500, "", true), (400, #"{"code":-1006,"msg":"…"}"#, true),
    (400, #"{"code":-1007,"msg":"…"}"#, true), (400, #"{"code":-1001,"msg":"…"}"#, true),
    (200, "not JSON", true), (200, #"{"orderId":1}"#, true),
  ])
  func `an order whose outcome the venue does not know is looked up`(
    status: Int, body: String, isUnknown: Bool
  ) async throws {
    let bench = try RESTBench()
    bench.http.on("POST /fapi/v1/order", .json(body, status: status))
    let error = await bench.error { () async throws(VenueError) in
      _ = try await bench.rest.place(.entry())
    }
    #expect((error == .outcomeUnknown) == isUnknown)
    #expect(error?.orderMayExist == isUnknown)
  }

  @Test func `a reading that failed is simply repeated`() async throws {
    let bench = try RESTBench()
    bench.http.on("GET /fapi/v3/balance", .refused(-1007, status: 408))
    let error = await bench.error { () async throws(VenueError) in
      _ = try await bench.rest.balances()
    }
    #expect(error == .unreachable("HTTP 408"))
  }

  @Test func `too many orders silence nothing else`() async throws {
    let bench = try RESTBench()
    bench.http.on(
      "GET /fapi/v3/balance", .refused(-1015, "Too many new orders"), .json("[]"))
    let error = await bench.error { () async throws(VenueError) in
      _ = try await bench.rest.balances()
    }
    #expect(error == .rateLimited(retryAfter: .seconds(60)))
    #expect(try await bench.rest.balances().isEmpty)
  }

  @Test func `too many requests wait as long as the venue says`() async throws {
    let bench = try RESTBench()
    bench.http.on(
      "GET /fapi/v3/balance", .json("", status: 429, headers: ["Retry-After": "7"]),
      .refused(-1003, "Too many requests", status: 429),
      .refused(
        -1003, "Way too many requests; IP(1.2.3.4) banned until 1795176120000. …", status: 418),
      .json("", status: 418), .json("<html>", status: 403))
    bench.clock.advance(by: .seconds(15))
    for wait in [7, 38, 60, 120, 300] {
      let error = await bench.error { () async throws(VenueError) in
        _ = try await bench.rest.balances()
      }
      #expect(error == .rateLimited(retryAfter: .seconds(wait)))
      // Asking on would turn a refusal into a ban: nothing goes out before that.
      let asked = bench.http.lines.count
      let again = await bench.error { () async throws(VenueError) in
        _ = try await bench.rest.balances()
      }
      #expect(again == .rateLimited(retryAfter: .seconds(wait)))
      #expect(bench.http.lines.count == asked)
      bench.clock.advance(by: .seconds(wait))
    }
  }

  @Test func `the last of the allowance is kept for closing`() async throws {
    let bench = try RESTBench()
    bench.http.on(
      "GET /fapi/v3/balance", .json("[]", headers: ["X-MBX-USED-WEIGHT-1M": "1996"]))
    bench.http.on("DELETE /fapi/v1/allOpenOrders", .json(#"{"code":200,"msg":"done"}"#))
    _ = try await bench.rest.balances()
    let error = await bench.error { () async throws(VenueError) in
      _ = try await bench.rest.balances()
    }
    guard case .rateLimited(let wait)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(wait > .seconds(59) && wait < .seconds(61))
    try await bench.rest.cancelAllOrders(of: "BTCUSDT")
    bench.clock.advance(by: wait)
    _ = try await bench.rest.balances()
  }

  @Test func `entries stop at the orders of ten seconds, closings go on`() async throws {
    let bench = try RESTBench()
    bench.http.on(
      "POST /fapi/v1/order",
      .json(
        RESTBench.order(), headers: ["X-MBX-ORDER-COUNT-10S": "200", "X-MBX-ORDER-COUNT-1M": "200"])
    )
    _ = try await bench.rest.place(.entry())
    let error = await bench.error { () async throws(VenueError) in
      _ = try await bench.rest.place(.entry(id: "liq-a-2"))
    }
    guard case .rateLimited? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    _ = try await bench.rest.place(.entry(id: "risk-a-3", side: .sell, reduceOnly: true))
  }

  @Test func `a time outside the window is measured, then fits`() async throws {
    let bench = try RESTBench()
    bench.http.on(
      "GET /fapi/v3/balance", .refused(-1021, "Timestamp for this request…"), .json("[]"))
    bench.http.on("GET /fapi/v1/time", .json(#"{"serverTime":1795176003500}"#))
    #expect(
      await bench.error { () async throws(VenueError) in _ = try await bench.rest.balances() }
        == .clockSkew("Timestamp for this request…"))
    #expect(bench.rest.clockOffset == .milliseconds(3500))
    _ = try await bench.rest.balances()
    #expect(bench.http.requests.last?.form.contains("timestamp=1795176003500&") == true)
  }

  @Test(arguments: [(-2015, 401), (-1022, 400), (-2014, 400)])
  func `a key that is refused calls a person`(code: Int, status: Int) async throws {
    let bench = try RESTBench()
    bench.http.on("GET /fapi/v3/balance", .refused(code, status: status))
    let error = await bench.error { () async throws(VenueError) in
      _ = try await bench.rest.balances()
    }
    guard case .unauthorised(code, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `without a key nothing private is asked`() async throws {
    let bench = try RESTBench(keys: nil)
    #expect(
      await bench.error { () async throws(VenueError) in _ = try await bench.rest.balances() }
        == .unauthorised(code: 0, "no API key was given"))
    #expect(bench.http.requests.isEmpty)
  }

  @Test func `a broken connection leaves an order unknown only if it was sent`() async throws {
    let bench = try RESTBench()
    bench.http.on(
      "POST /fapi/v1/order", .failure(.timedOut(bodySent: true)),
      .failure(.broken(bodySent: false, "reset")))
    #expect(
      await bench.error { () async throws(VenueError) in _ = try await bench.rest.place(.entry()) }
        == .outcomeUnknown)
    let second = await bench.error { () async throws(VenueError) in
      _ = try await bench.rest.place(.entry())
    }
    #expect(second?.orderMayExist == false)
  }
}
