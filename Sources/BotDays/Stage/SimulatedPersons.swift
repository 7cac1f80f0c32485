import Chat
import TradingModel

/// The persons at the phones: what they write, and what they tap when they are asked.
final class SimulatedPersons {
  private let chance: Chance
  private let time: WorldTime
  private let symbols: [String]
  private unowned let day: BotDay
  /// Taps are drawn; without it a scenario taps.
  let isBusy: Bool

  init(_ plan: DayPlan, time: WorldTime, day: BotDay) {
    chance = Chance(seed: plan.seed, for: "persons")
    self.time = time
    self.day = day
    isBusy = plan.commandsPerDay > 0
    symbols = plan.symbols.map { String($0.instrument.symbol.base) }
  }

  /// What is said over the day.
  func plan(_ plan: DayPlan) {
    let count = Int(Double(plan.commandsPerDay) * Double(plan.length.wholeSeconds) / 86_400)
    for _ in 0..<count {
      let moment = plan.start + chance.duration(.seconds(30), plan.length)
      time.add("a person speaks", at: moment) { [weak self] in self?.speak() }
    }
    if count > 0 { lookAfter() }
  }

  /// Who looks after the bot takes a lock off again after a while, or this would be a day of locks.
  private func lookAfter() {
    time.add("the owner looks", at: time.now + chance.duration(.minutes(2), .minutes(15))) {
      [weak self] in
      guard let self else { return }
      let kinds = day.store.locks.map(\.kind)
      if kinds.contains(.panic) || (kinds.contains(.day) && chance.happens(0.3)) {
        day.phone.say("/unlock")
      } else if kinds.contains(where: { $0 == .halted || $0 < .halted }) {
        day.phone.say("/resume")
      } else if day.store.allowed.count < 2, chance.happens(0.5) {
        day.phone.say("/allow \(symbols.joined(separator: " "))")
      }
      lookAfter()
    }
  }

  private func speak() {
    let text = sentence()
    let person: Person =
      chance.happens(0.65)
      ? SimulatedPhone.ana
      : chance.happens(0.7)
        ? SimulatedPhone.bob
        : SimulatedPhone.eve
    if chance.happens(0.02) {
      return day.phone.say(text, from: SimulatedPhone.stranger, in: ChatID(666))
    }
    if chance.happens(0.05) {
      day.play(Fault(.commandLate))
      let age = chance.pick([
        Duration.seconds(70), .minutes(5), .minutes(14), .hours(2), .hours(60),
      ])
      return day.phone.say(text, by: person, age: age ?? .minutes(2))
    }
    day.phone.say(text, by: person)
    // Two at once.
    guard chance.happens(0.08) else { return }
    time.add("a person speaks", at: time.now + chance.duration(.zero, .seconds(4))) { [weak self] in
      guard let self else { return }
      day.phone.say(sentence(), by: SimulatedPhone.bob)
    }
  }

  private func sentence() -> String {
    let symbol = chance.pick(symbols) ?? "BTC"
    let weighted: [(Int, String)] = [
      (8, "/status"), (6, "/positions"), (4, "/pnl"), (3, "/health"), (1, "/help"),
      (1, "/allowlist"), (6, "/close \(symbol)"), (4, "/close all"), (2, "/close losers"),
      (2, "/close winners"), (2, "/close 50% \(symbol)"), (3, "/close"),
      (3, "/pause 10m"), (1, "/pause liquidation 5m"), (2, "/pause"), (8, "/resume"),
      (2, "/kill"), (2, "/panic"), (1, "/panic now"), (7, "/unlock"), (3, "/allow \(symbol)"),
      (2, "/allow \(symbol) 30m"), (2, "/deny \(symbol) 20m"), (1, "/deny \(symbol)"),
      (1, "/allow NOSUCH"), (1, "/nonsense"), (1, "/close \(symbol) then"),
    ]
    var draw = chance.whole(1...weighted.reduce(0) { $0 + $1.0 })
    for (weight, text) in weighted {
      draw -= weight
      if draw <= 0 { return text }
    }
    return "/status"
  }

  /// A message with buttons may make its reader tap.
  func read(_ reply: Reply, _ message: MessageRef) {
    guard isBusy else { return }
    let buttons = Array(reply.buttons.joined().filter { $0.data.hasPrefix("n:") })
    guard !buttons.isEmpty, chance.happens(0.75) else { return }
    guard
      let person = [SimulatedPhone.ana, SimulatedPhone.bob, SimulatedPhone.eve].first(where: {
        $0.chat == message.chat
      })
    else { return }
    let button = chance.happens(0.7) ? buttons[0] : chance.pick(buttons) ?? buttons[0]
    let delay = chance.duration(.milliseconds(400), .seconds(chance.happens(0.1) ? 70 : 15))
    tap(button, on: message, by: person, after: delay)
    if chance.happens(0.1) {
      day.play(Fault(.tappedTwice))
      tap(button, on: message, by: person, after: delay + chance.duration(.zero, .seconds(2)))
    }
    if chance.happens(0.05) {
      day.play(Fault(.tappedByTwo))
      tap(button, on: message, by: SimulatedPhone.bob, after: delay)
    }
  }

  private func tap(_ button: Button, on message: MessageRef, by person: Person, after: Duration) {
    time.add("a person taps", at: time.now + after) { [weak self] in
      self?.day.phone.tap(button, on: message, by: person)
    }
  }
}
