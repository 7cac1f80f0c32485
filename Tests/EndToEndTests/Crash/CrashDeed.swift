import Loopback
import Synchronization
import TradingModel

@testable import Quarterdeck

/// What Ana does in a round, whether or not the bot lives to see it.
final class CrashDeed: Sendable {
  private struct State {
    var request: Int64?
    var answer: Int64?
    var isTapped = false
    var isOver = false
  }

  let moment: CrashMoment
  /// How much of the symbol is open before.
  let before: Quantity
  private let stage: Stage
  private let state = Mutex(State())
  private let changes = ChangeSignal()

  init(_ moment: CrashMoment, before: Quantity, on stage: Stage) {
    self.moment = moment
    self.before = before
    self.stage = stage
  }

  /// Her message; nil before she wrote one.
  var request: Int64? { state.withLock { $0.request } }
  /// The bot's answer with the button she tapped; nil before she tapped one.
  var tapped: Int64? { state.withLock { $0.isTapped ? $0.answer : nil } }

  /// Until she has tapped, or has nothing to tap.
  func waitForTap() async {
    while !state.withLock({ $0.isTapped || $0.isOver }) {
      let seen = changes.revision
      guard !state.withLock({ $0.isTapped || $0.isOver }) else { return }
      await changes.wait(past: seen, until: SystemClock().now + .seconds(1), on: SystemClock())
    }
  }

  /// Writes, waits for the answer and taps, until cancelled.
  func run() async throws {
    defer {
      state.withLock { $0.isOver = true }
      changes.bump()
    }
    let coin = String(moment.symbol.base).lowercased()
    switch moment.scene {
    case .starting, .trading: break
    case .closing(let half): try await ask("/close \(coin)", thenTap: half ? "50%" : "Close 100%")
    case .closingAll: try await ask("/close all", thenTap: "Close all")
    case .panic: try await ask("/panic", thenTap: "Panic")
    case .killing(let flatten):
      try await ask("/kill", thenTap: flatten ? "Flatten" : "Keep")
    case .pausing: try await ask("/pause")
    case .denying: try await ask("/deny \(coin)")
    }
  }

  private func ask(_ text: String, thenTap label: String? = nil) async throws {
    let own = try await stage.say(text)
    state.withLock { $0.request = own }
    guard let label else { return }
    let answer = try await eventually(
      "an answer to \(text)", on: stage.world.telegram.changes, within: .seconds(10)
    ) { await stage.messages(after: own).first { $0.replyTo == own } }
    guard let index = answer.buttons.flatMap({ $0 }).firstIndex(where: { $0.hasPrefix(label) })
    else { return }
    state.withLock { $0.answer = answer.id }
    try await stage.world.telegram.tap(.index(index), on: answer.id, by: Stage.ana.id)
    state.withLock { $0.isTapped = true }
    changes.bump()
  }
}
