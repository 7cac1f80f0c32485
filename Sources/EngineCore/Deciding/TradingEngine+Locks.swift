import Risk
import TradingModel

// Locks: armed, lifted, ended by time.

extension TradingEngine {
  /// Puts a lock there, committed before anything that follows, and shown to other programs.
  ///
  /// Entries that have not left are called back first, so that none passes while it is written.
  mutating func arm(_ lock: Lock) {
    locks.add(lock)
    for entry in entries.open where entry.state == .sent && lock.concerns(entry.intent.engine) {
      emit(.callBack(entry.request.id))
    }
    let standing = locks.lock(lock.kind) ?? lock
    record(.lock(standing))
    if lock.kind == .day { emit(.writeStateFile(.tradingDisabled(standing))) }
  }

  /// `/kill` with [Keep positions] was the last word on what is still open.
  var isToldToKeep: Bool { locks.lock(.halted)?.isFlat == false }

  /// A limit or a person wants everything closed after all.
  mutating func takeBackKeeping() {
    guard isToldToKeep, var halted = locks.lock(.halted) else { return }
    halted.isFlat = true
    arm(halted)
  }

  @discardableResult
  mutating func lift(_ kind: Lock.Kind) -> Bool {
    guard locks.lift(kind) != nil else { return false }
    noteLifted(kind)
    return true
  }

  mutating func expireLocks() {
    for kind in locks.expire(at: now) { noteLifted(kind) }
  }

  private mutating func noteLifted(_ kind: Lock.Kind) {
    record(.unlock(kind))
    switch kind {
    case .day: emit(.writeStateFile(.tradingEnabled))
    case .panic: emit(.writeStateFile(.panicUnlocked))
    case .paused, .halted, .flagFile: break
    }
    tell(.p2, .unlocked(kind))
  }

  /// The flag file by hand locks, and unlocks only what it locked.
  mutating func obeyFlag(isPresent: Bool, reason: String) {
    guard standing.isBooted else {
      // Judged once the journal has told which locks stand.
      standing.flagAtStart = (isPresent, reason)
      return
    }
    if isPresent {
      guard locks.lock(.flagFile) == nil else { return }
      let lock = Lock(
        kind: .flagFile, reason: reason.isEmpty ? "trading_disabled.flag" : reason, since: now)
      arm(lock)
      tell(.p1, .locked(lock))
    } else {
      lift(.flagFile)
      showDayLock()
    }
  }

  /// The day lock is the file, too: where a hand's lay, and where ours was taken away.
  mutating func showDayLock() {
    if let lock = locks.lock(.day) { emit(.writeStateFile(.tradingDisabled(lock))) }
  }

  /// Another program panicked: entries stop here, too, and what it left open is closed, though a lock
  /// that was flat may stand already. A panic that is known, and one that the lock of this life knows
  /// of, is no news.
  mutating func obeyPanic(_ file: PanicFile) {
    guard standing.isBooted, standing.foreignPanicAt != file.startedAt else { return }
    standing.foreignPanicAt = file.startedAt
    var lock = file.lock(reason: file.reason.isEmpty ? "panic.lock" : file.reason, since: now)
    if let standing = locks.lock(.panic) {
      // Ours knows more of its own panic; of one that came later it knows nothing.
      guard file.reopens(standing) else { return }
      lock.takesLongterm = lock.takesLongterm || standing.takesLongterm
    }
    takeBackKeeping()
    arm(lock)
    tell(.p0, .locked(lock))
    guard flattens.contains(where: { $0.order.isAccountWide && !$0.isEnded }) else {
      return resumeLockedFlatten()
    }
    flatten(
      FlattenOrder(
        cause: .panic(nil), scope: .account, by: "", commands: [], since: now,
        longterm: lock.takesLongterm ? [] : settings.longterm, locks: [.panic]))
  }

  mutating func expireAllowlist() {
    let ended = allowlist.expire(at: now)
    guard !ended.isEmpty else { return }
    record(.allowlist(allowlist.entries))
    let names = ended.map(\.name).joined(separator: " ")
    record(.event(kind: "allowlist-timed-out", detail: names, at: now))
  }

  mutating func judgeLinks() {
    for change in links.judge(usedLinks, at: now, hasPositions: !account.positions.isEmpty) {
      switch change {
      case .down(let link, let silence, let isUrgent):
        tell(
          isUrgent ? .p0 : .p1, .linkDown(link.name, of: link.venue, silentFor: silence))
      case .up(let link, let duration):
        tell(.p2, .linkUp(link.name, of: link.venue, after: duration))
      }
    }
  }
}
