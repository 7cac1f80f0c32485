import TradingModel

/// What the chat and the reports ask, while the bot runs. Lists are never longer than 1000.
extension Journal {
  /// Open positions as they were noted last.
  public func openPositions() async throws(JournalError) -> [PositionView] {
    do { return try await store.read(Positions.open) } catch { throw error.asJournalError }
  }

  /// Closed round trips, the newest first.
  public func trades(limit: Int) async throws(JournalError) -> [RoundTrip] {
    do {
      return try await store.read { try Trades.latestClosed(Self.bounded(limit), in: $0) }
    } catch {
      throw error.asJournalError
    }
  }

  /// Round trips closed on a UTC day, the oldest first.
  public func trades(closedOn day: UTCDay) async throws(JournalError) -> [RoundTrip] {
    do { return try await store.read { try Trades.closed(on: day, in: $0) } } catch {
      throw error.asJournalError
    }
  }

  /// Signals with their verdicts, the newest first.
  public func signals(limit: Int) async throws(JournalError) -> [JudgedSignal] {
    do { return try await store.read { try Signals.latest(Self.bounded(limit), in: $0) } } catch {
      throw error.asJournalError
    }
  }

  /// Events, the newest first.
  public func events(limit: Int) async throws(JournalError) -> [JournalEvent] {
    do {
      return try await store.read { try SystemEvents.latest(Self.bounded(limit), in: $0) }
    } catch {
      throw error.asJournalError
    }
  }

  static func bounded(_ limit: Int) -> Int { max(0, min(limit, 1000)) }
}
