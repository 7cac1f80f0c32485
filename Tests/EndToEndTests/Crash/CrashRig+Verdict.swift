import Loopback
import Simulation
import TestSupport
import TradingModel

@testable import Quarterdeck

/// What does not hold after a restart.
struct CrashVerdict: Error, CustomStringConvertible {
  let problems: [String]
  var description: String { problems.joined(separator: "\n") }
}

extension CrashRig {
  /// How long the bot that comes after may take until all of it holds.
  private static let patience = Duration.seconds(25)
  /// An execution so young may still be on its way into the journal.
  private static let fresh = Duration.seconds(1)
  /// Of the sums of a symbol, in USDT.
  private static let cent: Notional = "0.01"

  /// Waits until everything holds that must hold after a crash.
  func verify(_ deed: CrashDeed) async throws {
    let deadline = clock.now + Self.patience
    while true {
      let problems = try await problems(after: deed)
      if problems.isEmpty { return }
      guard clock.now < deadline else { throw CrashVerdict(problems: problems) }
      try await clock.sleep(for: .milliseconds(100))
    }
  }

  private func problems(after deed: CrashDeed) async throws -> [String] {
    let look: CrashJournal.Look
    // It is being opened: for so long nothing is known.
    do { look = try CrashJournal(in: stage.folder).look(since: startedAt) } catch {
      return ["journal: \(error)"]
    }
    let truth = await ExchangeTruth(of: stage)
    return ofTheFile(look) + ofTheTrades(look, truth) + ofThePositions(look, truth)
      + (await ofTheDeed(deed, look, truth))
  }

  // MARK: The file

  private func ofTheFile(_ look: CrashJournal.Look) -> [String] {
    var problems = look.damage.map { "integrity: \($0)" }
    problems += look.unfinished.map { "command without an end: \($0)" }
    problems += look.doubled.map { "two commands came of message \($0)" }
    problems += look.doubledSignals.map { "two entries came of signal \($0)" }
    if look.unhandled > 0 { problems.append("\(look.unhandled) updates were never handled") }
    for (day, baseline) in look.baselines.sorted(by: { $0.key < $1.key }) {
      let first = baselines[day] ?? baseline
      baselines[day] = first
      if first != baseline { problems.append("baseline of \(day): was \(first), is \(baseline)") }
    }
    for day in baselines.keys.sorted() where look.baselines[day] == nil {
      problems.append("baseline of \(day) is gone")
    }
    for lock in locksLeft.subtracting(look.locks).sorted() {
      problems.append("lock \(lock) is gone")
    }
    return problems
  }

  // MARK: The trades

  private func ofTheTrades(_ look: CrashJournal.Look, _ truth: ExchangeTruth) -> [String] {
    var problems: [String] = []
    var missing = look.executions
    for execution in truth.executions {
      guard let ours = missing.removeValue(forKey: execution.id) else {
        if clock.now - execution.time > Self.fresh {
          problems.append("execution \(execution.id) of \(execution.order.symbol) is lost")
        }
        continue
      }
      if ours.quantity != execution.quantity || ours.symbol != execution.order.symbol.name {
        problems.append("execution \(execution.id) is \(ours), was \(execution.quantity)")
      }
    }
    problems += missing.keys.sorted().map { "execution \($0) never was" }
    for (symbol, sums) in truth.sums.sorted(by: { $0.key < $1.key }) {
      let ours = look.trips[symbol] ?? CrashJournal.Trips()
      for (name, mine, theirs) in [
        ("result", ours.realised, sums.realised), ("fees", ours.fees, sums.fees),
      ] where (mine.wideCount - theirs.wideCount).magnitude > Self.cent.wideCount.magnitude {
        problems.append("\(symbol): \(name) \(mine), the exchange has \(theirs)")
      }
    }
    return problems
  }

  // MARK: The positions

  private func ofThePositions(_ look: CrashJournal.Look, _ truth: ExchangeTruth) -> [String] {
    var problems = truth.positions.filter { $0.stop == nil }
      .map { "\($0.key.symbol) \($0.quantity) has no stop" }
    let theirs = Dictionary(
      truth.positions.map { ($0.key.symbol.name, $0.quantity) }, uniquingKeysWith: { $1 })
    for symbol in Set(theirs.keys).union(look.openTrips.keys).sorted()
    where theirs[symbol] != look.openTrips[symbol] {
      let ours = look.openTrips[symbol].map { "\($0)" } ?? "flat"
      problems.append("\(symbol): ours \(ours), theirs \(theirs[symbol].map { "\($0)" } ?? "flat")")
    }
    for symbol in Set(theirs.keys).union(look.trips.keys).sorted() {
      let open = look.trips[symbol]?.open ?? 0
      if open != (theirs[symbol] == nil ? 0 : 1) {
        problems.append(
          "\(symbol): \(open) trades are open, \(theirs[symbol].map { "\($0)" } ?? "flat")")
      }
    }
    return problems
  }

  // MARK: What she asked for

  private func ofTheDeed(
    _ deed: CrashDeed, _ look: CrashJournal.Look, _ truth: ExchangeTruth
  ) async -> [String] {
    guard let request = deed.request else { return [] }
    let messages = await stage.messages(after: request)
    guard let answer = messages.first(where: { $0.replyTo == request }) else {
      return ["message \(request) was never answered"]
    }
    let text = messages.first { $0.id == deed.tapped }?.text ?? answer.text
    let isTapped = deed.tapped != nil
    let left = truth.positions.first { $0.key.symbol == deed.moment.symbol }?.quantity ?? .zero
    func held(_ isDone: Bool, leaving rest: Quantity) -> [String] {
      let wanted = isDone ? rest : deed.before
      return left == wanted
        ? [] : ["\(deed.moment.symbol): \(left) is left, not \(wanted), told \"\(text)\""]
    }
    func locked(_ kind: String, _ isDone: Bool) -> [String] {
      look.locks.contains(kind) == isDone || locksLeft.contains(kind)
        ? [] : ["lock \(kind) \(isDone ? "is missing" : "stands"), told \"\(text)\""]
    }
    let isClosed = isTapped && (text.contains("✓") || text.contains("flat confirmed"))
    switch deed.moment.scene {
    case .starting, .trading: return []
    case .closing(let half):
      return held(isClosed, leaving: half ? Self.half(of: deed.before) : .zero)
    case .closingAll: return held(isClosed, leaving: .zero)
    case .panic: return held(isClosed, leaving: .zero) + locked("panic", isClosed)
    case .killing(flatten: true): return held(isClosed, leaving: .zero) + locked("halted", isClosed)
    case .killing(flatten: false): return held(false, leaving: .zero)
    case .pausing: return locked("paused", text.contains("paused"))
    case .denying:
      let isDenied = text.contains("denied")
      return look.denied.contains(deed.moment.symbol.name) == isDenied
        ? [] : ["\(deed.moment.symbol) is not as told: \"\(text)\""]
    }
  }

  private static func half(of quantity: Quantity) -> Quantity {
    Quantity(uncheckedCount: quantity.wideCount / 2)
  }
}

/// What the exchange knows, at one moment.
struct ExchangeTruth: Sendable {
  struct Sums: Sendable {
    var realised = Notional.zero
    var fees = Notional.zero
  }

  let executions: [PaperExecution]
  let positions: [PaperPosition]
  /// Of all executions of a symbol.
  let sums: [String: Sums]

  init(of stage: Stage) async {
    (executions, positions) = await stage.world.exchange.read { venue, _ in
      (venue.executionHistory, venue.openPositions())
    }
    var sums: [String: Sums] = [:]
    for execution in executions {
      let name = execution.order.symbol.name
      var sum = sums[name] ?? Sums()
      sum.realised = Notional(
        uncheckedCount: sum.realised.wideCount + execution.profit.wideCount)
      sum.fees = Notional(uncheckedCount: sum.fees.wideCount + execution.fee.wideCount)
      sums[name] = sum
    }
    self.sums = sums
  }
}
