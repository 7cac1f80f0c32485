import Logging
import Synchronization
import TestSupport
import Testing
import TradingModel

@testable import Bybit
@testable import Transport

/// Many closes at once, as a flatten sends them.
@Suite(.timeLimit(.minutes(1)))
struct ClosingLineTests {
  /// Begins all of them in their order, as the order desk does.
  private actor Desk {
    func close(_ numbers: ClosedRange<Int>, by orders: BybitOrders) async -> [Outcome] {
      await withTaskGroup(of: (Int, Outcome).self) { group in
        for number in numbers {
          group.addImmediateTask {
            _ = self
            return (number, await Self.close(number, by: orders))
          }
        }
        var outcomes: [Int: Outcome] = [:]
        for await (number, outcome) in group { outcomes[number] = outcome }
        return numbers.compactMap { outcomes[$0] }
      }
    }

    private nonisolated(nonsending) static func close(
      _ number: Int, by orders: BybitOrders
    ) async -> Outcome {
      do throws(VenueError) {
        return .success(
          try await orders.place(
            OrderRequest(
              id: ClientOrderID("risk-1-\(number)"), symbol: "BTCUSDT", side: .sell,
              quantity: "0.1", reduceOnly: true)))
      } catch {
        return .failure(error)
      }
    }
  }

  private typealias Outcome = Result<String, VenueError>
  private typealias Answer = Result<HTTPResponse, HTTPError>

  private let clock = ManualClock()
  private let desk = Desk()

  private func orders(
    _ http: AnsweringHTTP, perSecond: Int = 10
  ) throws -> BybitOrders {
    var settings = BybitSettings(restURL: "http://127.0.0.1:1", webSocketURL: "")
    settings.ordersPerSecond = perSecond
    let rest = try BybitREST(
      http: http, settings: settings,
      keys: BybitKeys(key: Secret("key"), secret: Secret("secret")), clock: clock,
      log: Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() })
    return BybitOrders(rest: rest, socket: nil)
  }

  /// What a request closes, by the counters of its ids: one, or those of a batch.
  private static func numbers(in request: HTTPRequest) throws -> [Int] {
    let body = try JSONValue(parsing: request.text)
    let items = try body["request"]?.array() ?? [body]
    return try items.map { Int(try $0.string("orderLinkId").split(separator: "-")[2]) ?? 0 }
  }

  private func sent(by http: AnsweringHTTP) throws -> [[Int]] {
    try http.requests.map(Self.numbers)
  }

  /// Takes every order, but those of a batch that have a code.
  private static func taking(
    _ request: HTTPRequest, codes: [Int: Int64] = [:]
  ) -> Answer {
    let numbers = (try? Self.numbers(in: request)) ?? []
    guard request.target.hasSuffix("-batch") else {
      return .code(0, result: ["orderId": .string("v\(numbers[0])")])
    }
    let rows: JSONValue = .array(
      numbers.map { ["orderId": .string(codes[$0] == nil ? "v\($0)" : "")] })
    let extra: JSONValue = .array(
      numbers.map { ["code": .integer(codes[$0] ?? 0), "msg": "words"] })
    let envelope: JSONValue = [
      "retCode": 0, "retMsg": "OK", "result": ["list": rows], "retExtInfo": ["list": extra],
    ]
    return .status(200, envelope.text)
  }

  /// Lets time pass until `isOver`.
  private func pass(until isOver: () -> Bool) async {
    while !isOver(), !Task.isCancelled {
      clock.advance(by: .milliseconds(1))
      for _ in 0..<20 { await Task.yield() }
    }
  }

  @Test func `many closes go singly and together at once, each in its own window, in their order`()
    async throws
  {
    let http = AnsweringHTTP { Self.taking($0) }
    let orders = try orders(http)
    let closing = Task { await desk.close(1...45, by: orders) }
    while clock.sleeperCount == 0, !Task.isCancelled { await Task.yield() }
    let first = try sent(by: http)
    #expect(first == (1...10).map { [$0] } + [Array(11...20)])
    await pass { http.requests.count > 11 }
    // The answers came at once, so a second and the venue's millisecond are enough.
    #expect(clock.now - .noon >= .milliseconds(1001))
    #expect(clock.now - .noon < .milliseconds(1020))
    await pass { (try? sent(by: http).joined().count) == 45 }
    #expect(clock.now - .noon < .milliseconds(2040))
    let second = try sent(by: http)[11...].joined().prefix(20)
    #expect(second.sorted() == Array(21...40))
    let outcomes = await closing.value
    #expect(outcomes == (1...45).map { .success("v\($0)") })
  }

  @Test func `an account that may more sends all at once`() async throws {
    let http = AnsweringHTTP(after: 100) { Self.taking($0) }
    let outcomes = await desk.close(1...50, by: try orders(http, perSecond: 300))
    #expect(outcomes.count == 50 && clock.now == .noon)
    let sent = try sent(by: http)
    #expect(Array(sent.joined()) == Array(1...50))
    #expect(sent.map(\.count) == Array(repeating: 1, count: 10) + [20, 20])
  }

  @Test func `of a batch that is refused in part each order has its own end`() async throws {
    let http = AnsweringHTTP { Self.taking($0, codes: [12: 110_017, 14: 10_006]) }
    let outcomes = await desk.close(1...15, by: try orders(http))
    for (index, outcome) in outcomes.enumerated() {
      switch index + 1 {
      case 12:
        guard case .failure(.rejected(let rejection)) = outcome else {
          Issue.record("\(outcome)")
          continue
        }
        #expect(rejection.meaning == .reduceOnlyRefused)
      case 14:
        guard case .failure(.rateLimited) = outcome else {
          Issue.record("\(outcome)")
          continue
        }
      case let number: #expect(outcome == .success("v\(number)"))
      }
    }
  }

  @Test func `a batch whose answer is lost leaves each of its orders to be asked for`() async throws
  {
    let http = AnsweringHTTP {
      $0.target.hasSuffix("-batch") ? .failure(.timedOut(bodySent: true)) : Self.taking($0)
    }
    let outcomes = await desk.close(1...15, by: try orders(http))
    #expect(outcomes.prefix(10) == (1...10).map { .success("v\($0)") }[...])
    #expect(outcomes.suffix(5).allSatisfy { $0 == .failure(.outcomeUnknown) })
    #expect(http.requests.count == 11)
  }

  @Test func `a batch that was too much is told to each, and nothing goes before its time`()
    async throws
  {
    let isOver = Atomic(false)
    let http = AnsweringHTTP {
      guard $0.target.hasSuffix("-batch"), !isOver.exchange(true, ordering: .relaxed) else {
        return Self.taking($0)
      }
      return .code(10_006, "Too many visits", headers: ["X-Bapi-Limit": "10"])
    }
    let orders = try orders(http)
    let outcomes = await desk.close(1...15, by: orders)
    #expect(outcomes.suffix(5).allSatisfy { $0 == .failure(.rateLimited(retryAfter: .seconds(1))) })
    clock.advance(by: .milliseconds(900))
    let waiting = Task { await desk.close(16...16, by: orders) }
    while clock.sleeperCount == 0, !Task.isCancelled { await Task.yield() }
    #expect(http.requests.count == 11)
    await pass { http.requests.count == 12 }
    #expect(await waiting.value == [.success("v16")])
  }

  @Test func `where the venue takes no batches they go one by one`() async throws {
    let http = AnsweringHTTP {
      $0.target.hasSuffix("-batch")
        ? .code(10_001, "not supported for this account") : Self.taking($0)
    }
    let orders = try orders(http)
    let closing = Task { await desk.close(1...25, by: orders) }
    await pass { http.requests.count == 26 }
    #expect(await closing.value == (1...25).map { .success("v\($0)") })
    #expect(http.requests.count { $0.target.hasSuffix("-batch") } == 1)
    #expect(clock.now - .noon >= .seconds(2))
  }

  @Test func `who gives up in line is not sent, and the next one goes`() async throws {
    let http = AnsweringHTTP { Self.taking($0) }
    let orders = try orders(http)
    _ = await desk.close(1...20, by: orders)
    let first = Task { await desk.close(21...21, by: orders) }
    while clock.sleeperCount == 0, !Task.isCancelled { await Task.yield() }
    let second = Task { await desk.close(22...23, by: orders) }
    for _ in 0..<50 { await Task.yield() }
    first.cancel()
    #expect(await first.value == [.failure(.unreachable("cancelled before it was sent"))])
    await pass { http.requests.count == 13 }
    #expect(await second.value == [.success("v22"), .success("v23")])
    let sent = try sent(by: http).joined().sorted()
    #expect(sent == Array(1...20) + [22, 23])
  }
}
