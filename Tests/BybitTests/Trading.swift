import Logging
import TestSupport
import Testing
import TradingModel

@testable import Bybit
@testable import Transport

/// The bot's ways to send orders: a trade connection and scripted REST.
struct Trading {
  let clock = ManualClock()
  let http = ScriptedHTTP()
  var totalTimeout = Duration.seconds(5)
  let keys = BybitKeys(key: Secret("key"), secret: Secret("secret"))

  /// Trades over `address` while `body` runs.
  func on(
    _ address: String, _ body: (BybitOrders, BybitTradeSocket) async throws -> Void
  ) async throws {
    let thread = EventLoopThread()
    var settings = BybitSettings(restURL: "http://127.0.0.1:1", webSocketURL: address)
    settings.totalTimeout = totalTimeout
    let log = Logger(label: "bybit") { _ in SwiftLogNoOpLogHandler() }
    let rest = try BybitREST(http: http, settings: settings, keys: keys, clock: clock, log: log)
    let made = BybitTradeSocket(
      settings: settings, keys: keys, clockOffset: { rest.clockOffset },
      connector: WebSocketConnector(chance: SeededRandom(seed: 1)), loop: thread.loop,
      clock: clock, chance: SeededRandom(seed: 2), log: log)
    let socket = try #require(made)
    let running = Task { await socket.run { _ in } }
    do {
      try await body(BybitOrders(rest: rest, socket: socket), socket)
    } catch {
      running.cancel()
      throw error
    }
    running.cancel()
    await running.value
    await thread.shutdown()
  }
}

extension BybitTradeSocket {
  func waitUntilUp() async {
    while !isUp, !Task.isCancelled { await Task.yield() }
  }

  func waitUntilDown() async {
    while isUp, !Task.isCancelled { await Task.yield() }
  }
}

/// A trade server: accepts the login and answers requests as a test says.
struct TradeServer {
  /// - Parameter answer: The code, the words and the data for a request, and its header; nil to say
  ///   nothing.
  static func answering(
    login: String = #"{"retCode":0,"retMsg":"OK","op":"auth","connId":"c"}"#,
    _ answer: @escaping @Sendable (JSONValue, ServerVoice) -> Void
  ) -> ScriptedStream {
    ScriptedStream { text, socket in
      guard let request = try? JSONValue(parsing: text) else { return }
      if request["op"] == "auth" { return socket.send(login) }
      answer(
        request,
        ServerVoice {
          socket.send($0)
        } reset: {
          socket.reset()
        })
    }
  }
}

struct ServerVoice: Sendable {
  let say: @Sendable (String) -> Void
  let reset: @Sendable () -> Void

  init(
    _ say: @escaping @Sendable (String) -> Void, reset: @escaping @Sendable () -> Void
  ) {
    self.say = say
    self.reset = reset
  }

  func reply(
    to request: JSONValue, _ code: Int = 0, _ reason: String = "OK", data: JSONValue = [:],
    extra: JSONValue = [:], header: JSONValue = [:]
  ) {
    let answer: JSONValue = [
      "reqId": request["reqId"] ?? .null, "retCode": .integer(code), "retMsg": .string(reason),
      "op": request["op"] ?? .null, "data": data, "retExtInfo": extra, "header": header,
      "connId": "c",
    ]
    say(answer.text)
  }
}
