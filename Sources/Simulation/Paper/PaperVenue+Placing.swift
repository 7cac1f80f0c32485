import TradingModel

extension PaperVenue {
  /// Takes an order, fills what can be filled at once and lets the rest wait.
  ///
  /// - Returns: The order as it stands afterwards. What the client may not know before its stream
  ///   tells is in there, too: an acknowledgement needs only the ids.
  /// - Throws: `PaperRejection`, with nothing changed.
  @discardableResult
  public mutating func place(
    _ request: PaperOrderRequest, at time: Timestamp
  ) throws(PaperRejection) -> PaperOrder {
    settleFunding(request.symbol, at: time)
    var request = try checked(request)
    if let trailing = request.trailing {
      request.trailing = armed(trailing, of: request.symbol, for: request.side)
    }
    guard !settings.rules.refusesTakingPostOnly || !takesThoughPostOnly(request) else {
      throw .postOnlyWouldTake
    }
    var order = makeOrder(request, .user, request.isConditional ? .conditional : .none, at: time)
    if let link = request.link { usedLinks.insert(link) }
    if order.isWaiting {
      rest(order)
      tell(order)
      tellPosition(order.key)
    } else {
      execute(&order, at: time)
    }
    return order
  }

  private func takesThoughPostOnly(_ request: PaperOrderRequest) -> Bool {
    guard case .limit(let limit, .postOnly) = request.kind, !request.isConditional else {
      return false
    }
    return crosses(limit, request.side, of: request.symbol)
  }

  /// An order as a person places it on the venue's own screen: at market, without a client id.
  @discardableResult
  public mutating func openByHand(
    _ symbol: Symbol, side: PositionSide, quantity: Quantity, at time: Timestamp
  ) throws(PaperRejection) -> PaperOrder {
    let slot: PositionSlot =
      mode(of: symbol) == .oneWay ? .oneWay : side == .long ? .hedgeLong : .hedgeShort
    return try place(
      PaperOrderRequest(symbol: symbol, slot: slot, side: side.opening, quantity: quantity),
      at: time)
  }
}
