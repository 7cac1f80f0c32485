import TradingModel

/// A venue that promises are asked of, with the hands that move its market and its money.
///
/// It begins flat, with 10,000 USDT, isolated margin, one-way mode and a market that stands still.
public struct VenueUnderTest: Sendable {
  public var gateway: any OrderGateway
  public var account: any AccountReader
  public var market: any MarketReader
  /// What its streams have told so far.
  public var told: EventBook
  public var clock: any WallClock
  /// Moves the price of a symbol by a share of it; returns when the venue has acted on that.
  public var move: @Sendable (Symbol, Ratio) async throws -> Void
  /// Pays in, or out where negative.
  public var pay: @Sendable (Notional) async throws -> Void
  /// Turns the account to hedge mode; it is flat and has no order.
  public var hedge: @Sendable () async throws -> Void
  /// Lets that much of the venue's time pass.
  public var pass: @Sendable (Duration) async -> Void

  public init(
    gateway: any OrderGateway, account: any AccountReader, market: any MarketReader,
    told: EventBook, clock: any WallClock,
    move: @escaping @Sendable (Symbol, Ratio) async throws -> Void,
    pay: @escaping @Sendable (Notional) async throws -> Void,
    hedge: @escaping @Sendable () async throws -> Void,
    pass: @escaping @Sendable (Duration) async -> Void
  ) {
    self.gateway = gateway
    self.account = account
    self.market = market
    self.told = told
    self.clock = clock
    self.move = move
    self.pay = pay
    self.hedge = hedge
    self.pass = pass
  }
}

extension VenueUnderTest {
  static let symbol: Symbol = "BTCUSDT"

  /// The contract's rules and where its price stands: the limit for a share of it, on the tick.
  struct Ground {
    let instrument: Instrument
    let price: Price

    func price(_ share: Ratio) throws -> Price {
      try price.scaled(by: share).roundedDown(toMultipleOf: instrument.tickSize)
    }
  }

  /// Opens a small long at market and reads where it stands.
  @discardableResult
  func enter(
    _ id: String, side: Side = .buy, slot: PositionSlot = .oneWay, quantity: Quantity = "0.01",
    stop: Price? = nil, target: Price? = nil
  ) async throws -> String {
    try await gateway.place(
      OrderRequest(
        id: ClientOrderID(id), symbol: Self.symbol, slot: slot, side: side, quantity: quantity,
        stop: stop,
        target: target))
  }

  func ground() async throws -> Ground {
    let listed = try await market.instruments().first { $0.symbol == Self.symbol }
    guard let instrument = listed else { throw PromiseBroken("\(Self.symbol) is not listed") }
    try await enter("ground-in")
    let position = try await position()
    try await close(position, id: "ground-out")
    return Ground(instrument: instrument, price: position.entryPrice)
  }

  func close(_ position: Position, id: String, quantity: Quantity? = nil) async throws {
    _ = try await gateway.place(
      OrderRequest(
        id: ClientOrderID(id), symbol: position.symbol, slot: position.key.slot,
        side: position.side.closing, quantity: quantity ?? position.quantity, reduceOnly: true))
  }

  func positionIfOpen() async throws -> Position? {
    try await account.readAccount().positions.first { $0.symbol == Self.symbol }
  }

  func position() async throws -> Position {
    guard let position = try await positionIfOpen() else {
      throw PromiseBroken("there is no position")
    }
    return position
  }

  /// What a call was refused for; nil when it was not.
  func refusal(
    _ call: () async throws(VenueError) -> Void
  ) async throws -> Rejection.Meaning? {
    do throws(VenueError) { try await call() } catch {
      guard case .rejected(let rejection) = error else {
        throw PromiseBroken("not refused but failed: \(error)")
      }
      return rejection.meaning
    }
    return nil
  }

  /// Waits until the streams have told something; the test's time limit bounds it.
  func hear(_ isIt: (VenueEvent) -> Bool) async throws {
    while !told.events.contains(where: isIt) {
      if Task.isCancelled { throw PromiseBroken("never told: \(told.words)") }
      await Task.yield()
    }
  }
}

/// A promise that could not even be put to the test.
public struct PromiseBroken: Error, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
