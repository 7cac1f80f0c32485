import Synchronization
import TradingModel

/// Orders that reduce, in line for the venue's limits: first come, first sent.
///
/// The first in line waits for room. Where the limit of single orders has some it goes alone; else it
/// takes along as many of those behind it as the limit of batches lets through, which is another. So a
/// whole account is closed in half the time that single orders would take, in the order in which it
/// was asked for, and none is refused.
final class ClosingLine: Sendable {
  struct Place: Sendable {
    let number: UInt64
    let ticket: OrderTicket
  }

  enum Turn: Sendable {
    /// It goes now, by itself.
    case alone
    /// It goes now, in one request with these, who wait to be told what came of it.
    case together([Place])
    /// Another one took it along.
    case sent(Result<String, VenueError>)
    /// It was not sent, and never will be.
    case left(VenueError)
  }

  fileprivate enum Word: Sendable {
    case lead
    case sent(Result<String, VenueError>)
    case left(VenueError)
  }

  fileprivate struct State {
    var count: UInt64 = 0
    var waiting: [Place] = []
    /// Who waits for room; the others wait for a word.
    var leader: UInt64?
    var listeners: [UInt64: CheckedContinuation<Word, Never>] = [:]
    /// Said before anybody listened.
    var words: [UInt64: Word] = [:]
    var singlesUnderWay = 0
    var areBatchesRefused = false
  }

  /// By REST each single order holds a connection; beyond this many they go together.
  private static let mostSingles = 10
  private static let cancelled = VenueError.unreachable("cancelled before it was sent")
  private static let batch = OrderBatch.Operation.create.path

  private let state = Mutex(State())
  private let pace: BybitPace
  private let clock: any WallClock

  init(pace: BybitPace, clock: any WallClock) {
    self.pace = pace
    self.clock = clock
  }

  /// At the end of the line.
  func join(_ ticket: OrderTicket) -> Place {
    state.withLock { state in
      state.count += 1
      let place = Place(number: state.count, ticket: ticket)
      state.waiting.append(place)
      if state.leader == nil { state.leader = place.number }
      return place
    }
  }

  /// Waits until it goes, has gone or is given up. What goes is charged to the limit.
  /// - Parameter isREST: Whether it would go by REST.
  func turn(
    of place: Place, isREST: Bool, isolation: isolated (any Actor)? = #isolation
  ) async -> Turn {
    await withTaskCancellationHandler {
      // Only a closure that knows where its caller runs stays there.
      _ = isolation
      if state.withLock({ $0.leader == place.number }) {
        return await lead(place, isREST: isREST, isFirst: true)
      }
      switch await word(for: place) {
      case .lead: return await lead(place, isREST: isREST, isFirst: false)
      case .sent(let outcome): return .sent(outcome)
      case .left(let error): return .left(error)
      }
    } onCancel: {
      withdraw(place)
    }
  }

  /// Tells those who were taken along what came of it.
  func tell(_ places: [Place], _ outcome: (Int) -> Result<String, VenueError>) {
    state.withLock { state in
      for (index, place) in places.enumerated() { state.tell(place.number, .sent(outcome(index))) }
    }
  }

  /// A single order has its answer.
  func endSingle() { state.withLock { $0.singlesUnderWay -= 1 } }

  /// The venue takes no batches from this account: whoever was in this one goes alone.
  func refuseBatches(_ places: [Place]) {
    state.withLock { state in
      state.areBatchesRefused = true
      state.waiting = places + state.waiting
      if state.leader == nil { state.leader = places.first?.number }
    }
  }

  // MARK: At the head

  /// - Parameter isFirst: Nobody was before it: others may be about to come.
  private func lead(
    _ place: Place, isREST: Bool, isFirst: Bool, isolation: isolated (any Actor)? = #isolation
  ) async -> Turn {
    var isCompanyAwaited = isFirst
    while !Task.isCancelled {
      let wait: Duration
      switch take(place, isREST: isREST, mayTakeAlong: !isCompanyAwaited) {
      case .go(let turn): return turn
      case .wait(let time): wait = time
      }
      if isCompanyAwaited {
        isCompanyAwaited = false
        await Task.yield()
        continue
      }
      guard wait < BybitPace.patience else {
        return leave(place, .rateLimited(retryAfter: wait))
      }
      // The answers that come meanwhile tell whether the last margin is needed.
      let nap = wait > BybitPace.margin * 2 ? wait - BybitPace.margin : wait
      do { try await clock.sleep(for: nap) } catch { break }
    }
    return leave(place, Self.cancelled)
  }

  private enum Step {
    case go(Turn)
    case wait(Duration)
  }

  private func take(_ place: Place, isREST: Bool, mayTakeAlong: Bool) -> Step {
    state.withLock { state in
      let mayGoAlone = state.singlesUnderWay < Self.mostSingles || state.areBatchesRefused
      var wait = mayGoAlone ? single(place, isREST, &state) : nil
      if mayGoAlone, wait == nil { return .go(.alone) }
      if mayTakeAlong, !state.areBatchesRefused {
        let room = min(pace.mostItems(Self.batch), pace.room(Self.batch))
        let count = max(1, min(room, state.waiting.count))
        let batchWait = pace.admit(Self.batch, cost: count, lane: .closing, isREST: isREST)
        guard let batchWait else { return .go(.together(state.leave(place, with: count - 1))) }
        wait = min(wait ?? batchWait, batchWait)
        // Better one more connection than to wait.
        if !mayGoAlone, single(place, isREST, &state) == nil { return .go(.alone) }
      }
      return .wait(wait ?? .zero)
    }
  }

  /// - Returns: Nil when it goes.
  private func single(_ place: Place, _ isREST: Bool, _ state: inout State) -> Duration? {
    let wait = pace.admit(BybitPace.create, lane: .closing, isREST: isREST)
    guard wait == nil else { return wait }
    _ = state.leave(place)
    state.singlesUnderWay += 1
    return nil
  }

  private func leave(_ place: Place, _ error: VenueError) -> Turn {
    state.withLock { state in _ = state.leave(place) }
    return .left(error)
  }

  // MARK: Behind

  private func word(
    for place: Place, isolation: isolated (any Actor)? = #isolation
  ) async -> Word {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        if let word = state.words.removeValue(forKey: place.number) {
          continuation.resume(returning: word)
        } else {
          state.listeners[place.number] = continuation
        }
      }
    }
  }

  /// Who leads sees for itself that it is cancelled; who was taken along is on its way.
  private func withdraw(_ place: Place) {
    state.withLock { state in
      guard state.leader != place.number,
        let index = state.waiting.firstIndex(where: { $0.number == place.number })
      else { return }
      state.waiting.remove(at: index)
      state.tell(place.number, .left(Self.cancelled))
    }
  }
}

extension ClosingLine.State {
  /// The leader leaves the line, with so many of those who are first; the next one leads.
  /// - Returns: Who goes with it.
  fileprivate mutating func leave(
    _ place: ClosingLine.Place, with count: Int = 0
  ) -> [ClosingLine.Place] {
    waiting.removeAll { $0.number == place.number }
    let company = Array(waiting.prefix(count))
    waiting.removeFirst(company.count)
    leader = waiting.first?.number
    if let leader { tell(leader, .lead) }
    return company
  }

  fileprivate mutating func tell(_ number: UInt64, _ word: ClosingLine.Word) {
    if let listener = listeners.removeValue(forKey: number) {
      listener.resume(returning: word)
    } else {
      words[number] = word
    }
  }
}
