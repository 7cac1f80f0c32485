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
    spread(plan.faults.settingsByHandPerDay) { $0.changeSettings() }
    spread(plan.faults.rulesPerDay) { $0.changeRules() }
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
    switch chance.whole(0...17) {
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
    case 12: lay(.unauthorised, length) { venue.spells.isUnauthorised = $0 }
    case 13, 14:
      lay(.booksThin, chance.duration(.minutes(1), .minutes(40))) { venue.spells.areBooksThin = $0 }
    case 15: closeSymbol(for: length)
    case 16:
      lay(.chatConflict, chance.duration(.seconds(10), .minutes(5))) { [day] in
        day.phone.isTaken = $0
      }
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

  private func closeSymbol(for length: Duration) {
    guard day.venue.spells.closedSymbol == nil, let symbol = chance.pick(plan.engine.allowlist)
    else { return }
    lay(.symbolClosed, length) { [day] in day.venue.close(symbol, isClosed: $0) }
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
    guard let position = chance.pick(open), chance.happens(0.8) else {
      guard let symbol = chance.pick(plan.engine.allowlist) else { return }
      // Now and then far more than anybody should.
      let share = chance.happens(0.05) ? chance.whole(100...300) : chance.whole(1...5)
      return day.openByHand(
        symbol, chance.happens(0.5) ? .long : .short, share: .percent(Int32(share)))
    }
    let share = Ratio.basisPoints(Int32(chance.whole(30...600)))
    switch chance.whole(0...7) {
    case 0: day.closeByHand(position, share: .one)
    case 1: day.closeByHand(position, share: .percent(50))
    case 2: day.removeStopByHand(position)
    case 3: day.addByHand(position, share: .percent(Int32(chance.whole(20...150))))
    case 4: day.moveStopByHand(position, away: share)
    case 5: day.addPartialStopByHand(position, away: share)
    case 6: day.trailByHand(position, behind: share)
    default: if !day.cancelTargetByHand(position) { day.moveStopByHand(position, away: share) }
    }
  }

  private func changeSettings() {
    guard let symbol = chance.pick(plan.engine.allowlist) else { return }
    switch chance.whole(0...3) {
    case 0: day.setMarginModeByHand(chance.happens(0.5) ? .cross : .isolated, symbol)
    case 1: day.switchPositionModeByHand(symbol)
    default: day.setLeverageByHand(symbol, .times(Int32(chance.whole(1...12))))
    }
  }

  private func changeRules() {
    let venue = day.venue
    guard let symbol = chance.pick(plan.engine.allowlist),
      let first = plan.symbols.first(where: { $0.instrument.symbol == symbol })?.instrument
    else { return }
    var rules = first
    switch chance.whole(0...2) {
    case 0: rules.tickSize = Price(uncheckedCount: first.tickSize.wideCount * 5)
    case 1:
      rules.quantityStep = Quantity(uncheckedCount: first.quantityStep.wideCount * 10)
      rules.minQuantity = rules.quantityStep
    default: rules.minNotional = .usdt(Int64(chance.whole(10...60)))
    }
    day.play(Fault(.rulesChanged, symbol.name))
    venue.changeRules(of: symbol, to: rules)
    time.add("rules changed back", at: time.now + chance.duration(.minutes(2), .hours(3))) {
      [weak self] in
      guard let self else { return }
      day.disturb()
      venue.changeRules(of: symbol, to: first)
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
