import Chat
import TradingModel

/// A lock as a line: what, why, since when and until when.
struct LockText {
  let words: Words

  func line(for lock: Lock) -> Line {
    let reason = lock.reason.isEmpty ? "" : " · " + Figures.tidied(String(lock.reason.prefix(120)))
    guard let until = lock.until else {
      return words.line(
        .lockSince,
        [
          "lock": .text(words.word(lock.kind)), "reason": .text(reason),
          "since": .clock(lock.since),
        ])
    }
    return words.line(
      .lockUntil,
      [
        "lock": .text(words.word(lock.kind)), "reason": .text(reason), "since": .clock(lock.since),
        "until": .clock(until),
      ])
  }
}
