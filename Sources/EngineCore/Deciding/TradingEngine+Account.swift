import Risk
import TradingModel

// What the account tells, by stream and by readings.

extension TradingEngine {
  /// The wallet as the venue told it last, while that is fresh and belongs to an account that we
  /// have not lost track of.
  var knownWallet: Wallet? {
    guard account.lastWholeReading > standing.lostAtTicket, let heard = account.walletHeardAt,
      now - heard <= settings.risk.accountMaxAge
    else { return nil }
    return account.wallet
  }

  /// The same with the equity of this moment: moved by the marks since.
  var liveWallet: Wallet? {
    guard var wallet = knownWallet else { return nil }
    // A closure: the method itself, handed on, would be a copy of the whole engine.
    wallet.equity += liveEquity.drift(account.sortedPositions) { profit(of: $0) }
    return wallet
  }

  /// - Parameter isWhole: Positions were told with it: the venue's own results belong to it.
  private mutating func noteEquity(isWhole: Bool) {
    guard liveEquity.word != account.walletNumber else { return }
    if let wallet = account.wallet { moneyMoves.note(wallet.balance, at: now) }
    let profits = account.sortedPositions.map { position in
      (position, isWhole ? position.unrealised ?? profit(of: position) : profit(of: position))
    }
    liveEquity.start(from: account.walletNumber, profits)
  }

  var walletReading: Reading<Wallet> {
    if let wallet = liveWallet, let heard = account.walletHeardAt {
      return .known(wallet, at: heard)
    }
    return .unknown(
      since: standing.accountUnknownSince ?? account.walletHeardAt
        ?? (standing.isBooted ? standing.bootedAt : now),
      why: standing.accountTrouble)
  }

  mutating func hear(_ event: AccountEvent) {
    links.hear(Link(.account), at: now)
    let ticket = readings.lastTicket
    switch event {
    case .order(let order): hear(order)
    case .fill(let fill): take(fill)
    case .position(let key, let position, let time):
      account.hear(position, at: key, since: time, lastTicket: ticket)
    case .wallet(let wallet):
      guard account.hear(wallet, lastTicket: ticket, at: now) else { return }
      noteEquity(isWhole: false)
      judgeDay()
    case .transfer: moneyMoves.want()
    }
  }

  private mutating func hear(_ order: Order) {
    account.hear(order, lastTicket: readings.lastTicket)
    targets.hear(order, at: now)
    record(.order(order))
    if order.status.isOpen {
      entries.set(.accepted(venueID: order.venueID), for: order.id, lastTicket: readings.lastTicket)
      reductions.accepted(order.id, at: now)
      return
    }
    let cameToNothing = order.filled.isZero && order.status != .filled
    // A market order that the venue ended without a fill was refused, whatever it calls that.
    let isRefused = order.status == .rejected || order.kind == .market && cameToNothing
    if entries.set(.ended, for: order.id, lastTicket: readings.lastTicket), isRefused {
      entryFailed(order.id, order.symbol, order.refusal)
    }
    if let reduction = reductions.settle(order.id, lastTicket: readings.lastTicket),
      cameToNothing
    {
      reductionFailed(reduction, order.refusal)
    }
  }

  // MARK: Readings

  mutating func take(_ reading: AccountReading, ticket: ReadTicket) {
    readings.answered(ticket, at: now)
    defer { for place in flattens.indices { flattens[place].read(ticket) } }
    guard account.apply(reading, ticket: ticket.number, at: now) else { return }
    if let trouble = reading.walletTrouble {
      standing.accountTrouble = trouble.shortText
      standing.failedReadings += 1
    }
    if reading.wallet != nil {
      standing.failedReadings = 0
      noteEquity(isWhole: true)
    }
    for entry in entries.compare(with: reading.orders, ticket: ticket.number)
    where account.positions[entry.key] == nil {
      entryFailed(entry.request.id, entry.request.symbol, .outcomeUnknown)
    }
    targets.read(reading.orders, ticket: ticket.number)
    reductions.compare(
      with: reading.orders, ticket: ticket.number, askedAt: reading.startedAt)
    if let mode = reading.wallet?.marginMode {
      preparations.compare(with: reading.positions, marginMode: mode)
    }
    judgeAccount()
    judgeDay()
    judgeMargin()
    compareBook()
    reconcileIfDue()
    decideUnlocks(ticket)
  }

  mutating func notRead(_ ticket: ReadTicket, _ error: VenueError) {
    readings.answered(ticket, at: now)
    standing.accountTrouble = error.shortText
    standing.failedReadings += 1
    for place in flattens.indices { flattens[place].notRead(ticket, error, at: now) }
    refuseUnlocks(ticket, why: error.shortText)
  }

  /// Tells once that too little is left for entries, and once that there is enough again.
  mutating func judgeBalance() {
    guard let balance = knownWallet?.balance else { return }
    let isLow = balance < settings.risk.minimumBalance
    guard isLow != standing.isBalanceLow else { return }
    standing.isBalanceLow = isLow
    if isLow {
      tell(.p1, .balanceLow(balance, least: settings.risk.minimumBalance))
    } else {
      tell(.p2, .balanceEnough(balance))
    }
  }

  /// The venue's clock less ours was measured.
  mutating func noteClock(_ skew: Duration) {
    standing.clockSkew = skew
    let risk = settings.risk
    let degree = [risk.tellClockSkew, risk.maxClockSkew].count { skew.magnitude > $0 }
    defer { standing.clockDegree = degree }
    if degree > standing.clockDegree {
      tell(.p1, .clockOff(skew, limit: risk.maxClockSkew))
    } else if degree == 0, standing.clockDegree > 0 {
      tell(.p2, .clockRight(skew))
    }
  }

  // MARK: Unknown is not zero

  /// Tells once that the account is unknown, and once that it is known again.
  mutating func judgeAccount() {
    if knownWallet != nil {
      if standing.isAccountTold, let since = standing.accountUnknownSince {
        tell(.p2, .accountKnown(after: now - since))
      }
      standing.isAccountTold = false
      standing.accountUnknownSince = nil
      return
    }
    let since = standing.accountUnknownSince ?? account.walletHeardAt ?? standing.bootedAt
    standing.accountUnknownSince = since
    guard !standing.isAccountTold, now - since > settings.risk.accountMaxAge else { return }
    standing.isAccountTold = true
    tell(
      account.positions.isEmpty ? .p1 : .p0, .accountUnknown(why: standing.accountTrouble))
  }
}

extension Order {
  /// The venue's words for an order that came to nothing.
  fileprivate var refusal: VenueError {
    .rejected(
      Rejection(
        code: 0, reason: reason.isEmpty ? status.rawValue : reason,
        meaning: reduceOnly && reason.isEmpty ? .reduceOnlyRefused : .other))
  }
}

extension VenueError {
  var shortText: String {
    switch self {
    case .rejected(let rejection): "\(rejection.reason) (\(rejection.code))"
    case .rateLimited: "too many requests"
    case .unreachable(let text): "not reachable: \(text)"
    case .outcomeUnknown: "no answer"
    case .clockSkew(let text): "the clocks differ: \(text)"
    case .unauthorised(let code, let text): "not authorised: \(text) (\(code))"
    case .malformed(let text): "unreadable answer: \(text)"
    }
  }
}
