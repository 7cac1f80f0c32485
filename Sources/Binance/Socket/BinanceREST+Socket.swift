import TradingModel
import Transport

extension BinanceCall {
  /// What the WebSocket API calls it; nil for what goes by REST alone.
  var socketMethod: String? {
    switch (method, path) {
    case (.post, "/fapi/v1/order"): "order.place"
    case (.put, "/fapi/v1/order"): "order.modify"
    case (.delete, "/fapi/v1/order"): "order.cancel"
    case (.get, "/fapi/v1/order"): "order.status"
    case (.post, "/fapi/v1/algoOrder"): "algoOrder.place"
    case (.delete, "/fapi/v1/algoOrder"): "algoOrder.cancel"
    default: nil
    }
  }
}

extension BinanceREST {
  /// Tries the call over the trade socket.
  /// - Returns: Nil when it was for certain not sent: then REST may.
  nonisolated(nonsending) func sendBySocket(
    _ call: BinanceCall
  ) async throws(VenueError) -> JSONValue? {
    guard let trade, let method = call.socketMethod, trade.isUp else { return nil }
    let sentAt = now
    switch await trade.ask(method, call.fields, at: venueNow) {
    case .notWritten: return nil
    case .unanswered:
      logger.warning("the trade socket did not answer", metadata: ["request": "\(call.text)"])
      // A question may be asked again by the other way.
      if call.purpose == .reading { return nil }
      throw .outcomeUnknown
    case .answered(let reply):
      if case .array(let limits)? = reply["rateLimits"] {
        budget.learn(limits, sentAt: sentAt, at: now)
      }
      if let result = reply["result"] { return result }
      let status = reply["status"].flatMap { Int($0.text) } ?? 500
      // Refusals are those of REST, status and all.
      let response = HTTPResponse(status: status, body: (reply["error"] ?? .null).bytes)
      return try await judged(response, call)
    }
  }

  /// Keeps the trade socket up until cancelled; returns at once where there is none.
  func runTradeSocket(_ line: Line, publish: @escaping @Sendable (VenueEvent) -> Void) async {
    guard let trade else { return }
    let url = tradeURL
    await line.run(
      "orders", options: Self.pinged, links: [], publish: publish,
      address: { () async throws(WebSocketError) in
        do throws(InvalidURL) { return try RequestURL(url) } catch { throw .connect("\(error)") }
      },
      lost: { _ in trade.lost() },
      makeHandler: { [self] socket, _ in
        trade.opened(socket, on: line.loop, at: venueNow)
        return TradeSocketHandler(trade)
      })
    trade.lost()
  }

  private static var pinged: WebSocketOptions {
    WebSocketOptions(
      heartbeat: WebSocketOptions.Heartbeat(
        every: .seconds(20), deadline: .seconds(10), message: #"{"id":"alive","method":"ping"}"#))
  }
}
