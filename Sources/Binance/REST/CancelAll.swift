import TradingModel
import Transport

// Cancelling everything. Binance takes one symbol at a time: what is open is listed, and the symbols
// are cancelled side by side.
extension BinanceREST {
  /// How many cancellations of one kind are under way at once: plain and conditional orders together
  /// leave a quarter of the connections to the host to the closes that go out meanwhile.
  private static let cancelWidth = 6

  /// Plain and conditional orders side by side. One symbol that fails holds up no other, and is asked
  /// for once more.
  ///
  /// - Throws: What says most about all that failed, once nothing is under way any more: what can be
  ///   cancelled then is. Whoever asks again gets what is left. Out of time, nothing more is sent.
  public func cancelAll(
    symbol: Symbol?, keepingProtection: Bool
  ) async throws(VenueError) -> Int {
    async let askedPlain = outcome { () async throws(VenueError) in
      try await self.cancelPlain(of: symbol)
    }
    let algo = await outcome { () async throws(VenueError) in
      try await self.cancelConditional(of: symbol, keepingProtection: keepingProtection)
    }
    switch (await askedPlain, algo) {
    case (.success(let plain), .success(let algo)): return plain + algo
    case (.failure(let error), .success), (.success, .failure(let error)): throw error
    case (.failure(let first), .failure(let second)): throw [first, second].mostTelling ?? first
    }
  }

  /// Orders of the book. Of one symbol they go even when they can't be listed: the list only counts.
  private func cancelPlain(of symbol: Symbol?) async throws(VenueError) -> Int {
    let open: [Order]
    do throws(VenueError) {
      open = try await openOrders(symbol: symbol, urgency: symbol == nil ? .closing : .verifying)
    } catch {
      guard symbol != nil else { throw error }
      open = []
    }
    return try await cancelEach(
      of: symbol.map { [$0] } ?? Set(open.map(\.symbol)).sorted(),
      count: { symbol in open.count { $0.symbol == symbol } },
      by: { symbol async throws(VenueError) in try await self.cancelAllOrders(of: symbol) })
  }

  /// Orders of the algo service. Where none is to be kept, those of one symbol go even when they can't
  /// be listed.
  private func cancelConditional(
    of symbol: Symbol?, keepingProtection: Bool
  ) async throws(VenueError) -> Int {
    let mustKnow = symbol == nil || keepingProtection
    let open: [AlgoOrder]
    do throws(VenueError) {
      open = try await openAlgoOrders(symbol: symbol, urgency: mustKnow ? .closing : .verifying)
    } catch {
      // What could not be listed may still be there.
      guard !mustKnow else { throw error }
      open = []
    }
    guard !keepingProtection else {
      return try await cancelEach(
        of: open.filter { !$0.order.isProtective }, count: { _ in 1 },
        by: { order async throws(VenueError) in
          try await self.cancelAlgoOrder(id: order.id, symbol: order.order.symbol)
        })
    }
    return try await cancelEach(
      of: symbol.map { [$0] } ?? Set(open.map(\.order.symbol)).sorted(),
      count: { symbol in open.count { $0.order.symbol == symbol } },
      by: { symbol async throws(VenueError) in try await self.cancelAllAlgoOrders(of: symbol) })
  }

  // MARK: Side by side

  /// Cancels each of these, a few at a time; what was not carried out for certain a second time.
  /// - Parameters:
  ///   - count: How many orders one of them is.
  /// - Returns: How many orders were cancelled.
  private func cancelEach<Item: Sendable>(
    of items: [Item], count: (Item) -> Int,
    by cancel: @escaping @Sendable (Item) async throws(VenueError) -> Void
  ) async throws(VenueError) -> Int {
    var open = items
    var done = 0
    var failures: [VenueError] = []
    for _ in 0..<2 where !open.isEmpty {
      let ends = await ends(of: open, by: cancel)
      failures = ends.compactMap(\.self)
      for (item, failure) in zip(open, ends) where failure == nil { done += count(item) }
      // Cancelling twice does no harm; what was refused would be again.
      let mayRepeat = !Task.isCancelled && failures.allSatisfy(\.maySimplyBeRepeated)
      guard mayRepeat else { break }
      open = zip(open, ends).filter { $0.1 != nil }.map(\.0)
    }
    guard let failure = failures.mostTelling else { return done }
    logger.warning(
      "not everything could be cancelled",
      metadata: ["failed": "\(failures.count) of \(items.count)", "error": "\(failure)"])
    throw failure
  }

  /// What became of each, in the order given; nil is done.
  private func ends<Item: Sendable>(
    of items: [Item], by cancel: @escaping @Sendable (Item) async throws(VenueError) -> Void
  ) async -> [VenueError?] {
    await withTaskGroup(of: (Int, VenueError?).self) { group in
      // What never left is there for certain.
      var ends = [VenueError?](
        repeating: .unreachable("out of time before it was sent"), count: items.count)
      var rest = items.enumerated().makeIterator()
      func begin() {
        guard !Task.isCancelled, let (place, item) = rest.next() else { return }
        group.addTask {
          do throws(VenueError) {
            try await cancel(item)
            return (place, nil)
          } catch {
            return (place, error)
          }
        }
      }
      for _ in 0..<Self.cancelWidth { begin() }
      while let (place, end) = await group.next() {
        ends[place] = end
        begin()
      }
      return ends
    }
  }
}

extension VenueError {
  /// A request that may be carried out twice without harm is worth sending again at once.
  fileprivate var maySimplyBeRepeated: Bool {
    switch self {
    case .unreachable, .outcomeUnknown, .malformed, .clockSkew: true
    case .rejected, .rateLimited, .unauthorised: false
    }
  }

  /// The lower, the more it says about what is to be done next.
  fileprivate var rank: Int {
    switch self {
    case .rateLimited: 0
    case .outcomeUnknown: 1
    case .unreachable: 2
    case .clockSkew: 3
    case .malformed: 4
    case .unauthorised: 5
    case .rejected: 6
    }
  }
}

extension [VenueError] {
  /// Of several failures the one by which all of them are to be tried again: a wait before anything
  /// else, the longest of several; a refusal last, since it would be one again.
  fileprivate var mostTelling: VenueError? {
    self.min { one, other in
      if case (.rateLimited(let first), .rateLimited(let second)) = (one, other) {
        return first > second
      }
      return one.rank < other.rank
    }
  }
}
