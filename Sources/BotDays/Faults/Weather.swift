import TradingModel

/// Plays the faults of a day: calm and storms, spells, single blows.
final class Weather {
  private let plan: DayPlan
  private let chance: Chance
  private let time: WorldTime
  private unowned let day: BotDay
  private var isStorm = false
  /// A kill that waits for so many deeds of the bot, then so long.
  private var ambush: (countdown: Int, delay: Duration, pause: Duration)?

  init(_ plan: DayPlan, time: WorldTime, day: BotDay) {
    self.plan = plan
    chance = Chance(seed: plan.seed, for: "weather")
    self.time = time
    self.day = day
  }

  func begin() {
    set(storm: false)
    day.phone.faults = plan.faults.messages
    spread(plan.faults.spellsPerDay) { $0.spell() }
    spread(plan.faults.killsPerDay) { $0.kill(losingJournal: false) }
    spread(plan.faults.journalsLostPerDay) { $0.kill(losingJournal: true) }
    spread(plan.faults.handsPerDay) { $0.trade() }
    spread(plan.faults.transfersPerDay) { $0.transfer() }
    spread(plan.faults.clockJumpsPerDay) { $0.moveClock() }
    spread(plan.faults.flagFilesPerDay) { $0.putFlag() }
    if plan.faults != .none { turn() }
  }

  private func spread(_ perDay: Int, _ blow: @escaping (Weather) -> Void) {
    let count = Int((Double(perDay) * Double(plan.length.wholeSeconds) / 86_400).rounded(.up))
    guard perDay > 0 else { return }
    for _ in 0..<count {
      let moment = plan.start + chance.duration(.minutes(1), plan.length)
      time.add("fault", at: moment) { [weak self] in
        guard let self else { return }
        blow(self)
      }
    }
  }

  private func turn() {
    let length =
      isStorm
      ? chance.duration(.minutes(2), .minutes(30)) : chance.duration(.minutes(10), .minutes(120))
    time.add("the weather turns", at: time.now + length) { [weak self] in
      guard let self else { return }
      set(storm: !isStorm)
      turn()
    }
  }

  private func set(storm: Bool) {
    isStorm = storm
    day.venue.callFaults = storm ? plan.faults.callsInStorm : plan.faults.callsInCalm
    day.venue.deedFaults = storm ? plan.faults.deedsInStorm : plan.faults.deedsInCalm
    day.venue.updateFaults = storm ? plan.faults.updatesInStorm : plan.faults.updatesInCalm
  }

  // MARK: Spells

  private func spell() {
    let venue = day.venue
    let store = day.store
    let length = chance.duration(.seconds(3), .seconds(90))
    switch chance.whole(0...12) {
    case 0: lay(.venueDown, length) { venue.spells.isDown = $0 }
    case 1: lay(.venueSlow, length) { venue.spells.isSlow = $0 }
    case 2: lay(.lostRequest, length) { venue.spells.isSilent = $0 }
    case 3: lay(.rateLimited, length) { venue.spells.isRateLimited = $0 }
    case 4: lay(.maintenance, length) { venue.spells.isInMaintenance = $0 }
    case 5: lay(.accountUnreadable, length) { venue.spells.isUnreadable = $0 }
    case 6: lay(.pricesStale, length) { venue.spells.arePricesStale = $0 }
    case 7: venue.cutStream(for: length, isNoticed: chance.happens(0.5))
    case 8: lay(.storeRefuses, length) { store.isRefusing = $0 }
    case 10: lay(.storeUnreadable, length) { store.isUnreadable = $0 }
    case 9: lay(.storeHangs, min(length, .seconds(20))) { store.isHanging = $0 }
    case 11: day.phone.block(for: chance.duration(.seconds(10), .minutes(20)))
    default:
      lay(.chatDown, chance.duration(.seconds(10), .minutes(10))) { [day] in day.phone.isDown = $0 }
    }
  }

  private func lay(_ kind: Fault.Kind, _ length: Duration, _ set: @escaping (Bool) -> Void) {
    day.play(Fault(kind, "for \(length.wholeMilliseconds) ms"))
    set(true)
    time.add("spell over", at: time.now + length) { [weak self] in
      set(false)
      self?.day.disturb()
    }
  }

  // MARK: Blows

  private func kill(losingJournal: Bool) {
    let pause =
      chance.happens(0.8)
      ? chance.duration(.milliseconds(500), .seconds(20))
      : chance.duration(.minutes(1), .minutes(30))
    if !losingJournal, chance.happens(0.15) {
      day.play(Fault(.stopped))
      return day.stop(startingAgainAfter: pause)
    }
    guard !losingJournal, chance.happens(0.6) else {
      return day.kill(losingJournal: losingJournal, startingAgainAfter: pause)
    }
    ambush = (chance.whole(1...8), chance.duration(.zero, .milliseconds(300)), pause)
  }

  /// The process dies in the middle of something: soon after the bot has set out to do it.
  func see(_ happening: Happening) {
    guard let (count, delay, pause) = ambush else { return }
    switch happening {
    case .intent, .submitted, .committed(.lock), .committed(.unlock), .committed(.baseline),
      .command, .outbox(_, .written), .fill:
      ambush?.countdown = count - 1
      guard count <= 1 else { return }
      ambush = nil
      time.add("ambush", at: time.now + delay) { [weak self] in
        self?.day.kill(startingAgainAfter: pause)
      }
    default: break
    }
  }

  private func trade() {
    let venue = day.venue
    let open = venue.positions.filter { $0.symbol != plan.longterm }
    guard let position = chance.pick(open), chance.happens(0.7) else {
      guard let symbol = chance.pick(plan.engine.allowlist) else { return }
      return day.openByHand(
        symbol, chance.happens(0.5) ? .long : .short, share: .percent(Int32(chance.whole(1...5))))
    }
    switch chance.whole(0...2) {
    case 0: day.closeByHand(position, share: .one)
    case 1: day.closeByHand(position, share: .percent(50))
    default: day.removeStopByHand(position)
    }
  }

  private func transfer() {
    let part = Int32(chance.whole(-20...30))
    guard let amount = day.venue.share(ofBalance: .percent(part)), !amount.isZero else { return }
    day.transfer(amount)
  }

  private func moveClock() {
    let offset = Duration.milliseconds(Int64(chance.whole(-10_000...10_000)))
    day.play(Fault(offset.magnitude > .seconds(5) ? .clockJumped : .clockSkewed, "\(offset)"))
    day.clock.offset = offset
    time.add("clock mended", at: time.now + chance.duration(.seconds(30), .minutes(30))) {
      [weak self] in
      self?.day.clock.offset = .zero
      self?.day.disturb()
    }
  }

  private func putFlag() {
    day.play(Fault(.flagFile))
    day.store.handFlag = FlagFile(reason: "by hand", time: day.clock.now)
    time.add("flag removed", at: time.now + chance.duration(.minutes(1), .minutes(20))) {
      [weak self] in
      self?.day.store.handFlag = nil
    }
  }
}
