import ServiceLifecycle
import TradingModel

/// What the person of a headless demo does: looks, allows, closes, panics, unlocks. Everything ends
/// when the time is over.
struct DemoScript: Service {
  let person: DemoPerson
  let length: Duration
  let clock: any WallClock

  func run() async throws {
    await cancelWhenGracefulShutdown { await play() }
  }

  private func play() async {
    let end = clock.now + length
    let part = length / 10
    await person.say("/help")
    await person.say("/status")
    await rest(part)
    await person.say("/allow link")
    await person.say("/deny doge 6h")
    await rest(part * 3)
    await person.say("/positions")
    await person.say("/pnl")
    await rest(part)
    await confirm("/close all")
    await rest(part)
    await person.say("/status")
    await rest(part)
    await confirm("/panic")
    _ = await person.sees("LOCKED", within: .seconds(15))
    await confirm("/unlock")
    await rest(part)
    await person.say("/status")
    await person.say("/health")
    let left = end - clock.now
    if left > .zero { await rest(left) }
  }

  private func rest(_ time: Duration) async {
    // A cancelled script goes on to its end at once, and ends with it.
    try? await clock.sleep(for: time)
  }

  /// Says a command and taps the first button of its preview.
  private func confirm(_ command: String) async {
    guard let request = await person.say(command) else { return }
    await person.confirm(request, within: .seconds(5))
  }
}
