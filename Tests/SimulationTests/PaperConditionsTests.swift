import Simulation
import TestSupport
import Testing
import TradingModel

/// A bad line, on purpose.
@Suite(.timeLimit(.minutes(1)))
struct PaperConditionsTests {
  private let clock = ManualClock()

  private func exchange(
    _ conditions: PaperConditions, chance: any RandomSource = SteadyRandom()
  ) async -> PaperExchange {
    let exchange = PaperExchange(
      settings: PaperSettings(), instruments: [.example()], prices: .bybit, clock: clock,
      line: (conditions, chance))
    await see("64000", exchange)
    return exchange
  }

  private func see(_ price: Price, _ exchange: PaperExchange) async {
    await exchange.take(
      .ticker(
        Ticker(
          venue: .bybit, symbol: btc, last: price, mark: price, bid: price, ask: price,
          time: .noon)))
  }

  private func entry(_ id: String = "liq-1-1") -> OrderRequest {
    OrderRequest(id: ClientOrderID(id), symbol: btc, side: .buy, quantity: "0.1")
  }

  @Test func `an order fills at the price it meets when it arrives`() async throws {
    let exchange = await exchange(PaperConditions(latency: .milliseconds(300)))
    let placing = Task { try await exchange.place(entry()) }
    while clock.sleeperCount == 0, !Task.isCancelled { await Task.yield() }
    await see("64100", exchange)
    clock.advance(by: .milliseconds(300))
    _ = try await placing.value
    let fills = Task { try await exchange.fills(since: .noon) }
    while clock.sleeperCount == 0, !Task.isCancelled { await Task.yield() }
    clock.advance(by: .milliseconds(300))
    #expect(try await fills.value.map(\.price) == ["64100"])
  }

  @Test func `what does not get through has not happened`() async throws {
    let exchange = await exchange(PaperConditions(failureShare: .percent(51)))
    await #expect(throws: VenueError.self) { try await exchange.place(entry()) }
    await see("64000", exchange)
    let calm = await self.exchange(.perfect)
    #expect(try await calm.fills(since: .noon).isEmpty)
    #expect(await exchange.symbolsInUse.isEmpty)
  }

  @Test func `an answer that is lost leaves the order carried out`() async throws {
    let exchange = await exchange(PaperConditions(lostAnswerShare: .percent(51)))
    await #expect(throws: VenueError.outcomeUnknown) { try await exchange.place(entry()) }
    #expect(try await exchange.order(ClientOrderID("liq-1-1"), symbol: btc)?.status == .filled)
    // Asked again with the same id, the venue knows it.
    do {
      _ = try await exchange.place(entry())
      Issue.record("taken twice")
    } catch {
      guard case .rejected(let rejection) = error else { throw error }
      #expect(rejection.meaning == .duplicateID)
    }
  }

  @Test func `the same chance gives the same failures`() async throws {
    func outcomes(_ seed: UInt64) async -> [Bool] {
      let exchange = await exchange(
        PaperConditions(failureShare: .percent(30)), chance: SeededRandom(seed: seed))
      var outcomes: [Bool] = []
      for number in 1...40 {
        do {
          _ = try await exchange.place(entry("liq-1-\(number)"))
          outcomes.append(true)
        } catch {
          outcomes.append(false)
        }
      }
      return outcomes
    }
    let first = await outcomes(7)
    #expect(await outcomes(7) == first)
    #expect(first.contains(true) && first.contains(false))
  }

  @Test func `a caller that gives up on the way has sent nothing`() async throws {
    let exchange = await exchange(PaperConditions(latency: .seconds(1)))
    let placing = Task { try await exchange.place(entry()) }
    while clock.sleeperCount == 0, !Task.isCancelled { await Task.yield() }
    placing.cancel()
    await #expect(throws: VenueError.outcomeUnknown) { try await placing.value }
    #expect(await exchange.symbolsInUse.isEmpty)
  }
}
