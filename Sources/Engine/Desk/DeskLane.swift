/// Two lanes of orders, so that what makes the account safer never stands behind what does not.
enum DeskLane {
  /// Reductions, protection, cancellations.
  case closing
  case entry
}

/// Lets so many through at a time; the others wait in line, as far as there is a line.
struct Turnstile {
  private var free: Int
  private let longestLine: Int
  private var line = Fifo<CheckedContinuation<Void, Never>>()

  init(width: Int, longestLine: Int) {
    precondition(width > 0 && longestLine >= 0)
    free = width
    self.longestLine = longestLine
  }

  enum Admission { case inside, mustWait, full }

  /// `inside` has taken a place, which `leave` gives back.
  mutating func enter() -> Admission {
    if free > 0 {
      free -= 1
      return .inside
    }
    return line.count < longestLine ? .mustWait : .full
  }

  /// Resumed with the place of one who left.
  mutating func wait(_ continuation: CheckedContinuation<Void, Never>) { line.append(continuation) }

  mutating func leave() {
    if let next = line.popFirst() { next.resume() } else { free += 1 }
  }
}
