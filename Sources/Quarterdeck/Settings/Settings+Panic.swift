import ControlServer
import EngineCore
import TradingModel

extension Settings {
  /// Takes what `panic.yaml` says; the rest keeps its default. The names are those of the Python
  /// bots' file.
  mutating func readPanic(_ file: SettingsReader) {
    let http = file.section("http")
    control.isOn = http.bool("enabled", default: control.isOn)
    control.host = http.text("host", default: control.host)
    control.port = http.integer("port", default: control.port, in: 1...65_535)
    if http.has("allowlist") { control.allowlist = http.list("allowlist") }
    if let token = http.scalar("token"), !token.text.isEmpty {
      control.token = ControlToken(token.text)
    }
    for problem in control.problems(isTokenKnown: false) {
      http.complain(problem.key, problem.text)
    }
    http.finish()

    let verify = file.section("verify")
    timings.verifyEvery = verify.milliseconds(
      "poll_ms", default: timings.verifyEvery, in: 100...5000)
    timings.flattenLimit = verify.seconds(
      "timeout_sec", default: timings.flattenLimit, in: 10...600)
    timings.closeTries = verify.integer("max_retries", default: timings.closeTries, in: 1...100)
    verify.finish()
    control.panicPatience = timings.flattenLimit + .seconds(30)

    let backoff = file.section("backoff")
    timings.closeBackoff = backoff.milliseconds(
      "initial_ms", default: timings.closeBackoff, in: 50...5000)
    timings.closeBackoffMost = backoff.milliseconds(
      "max_ms", default: timings.closeBackoffMost, in: 100...60_000)
    if timings.closeBackoffMost < timings.closeBackoff {
      backoff.complain("max_ms", "must not be below initial_ms")
    }
    backoff.finish()
  }
}

extension SettingsReader {
  /// A number of milliseconds.
  func milliseconds(
    _ key: String, default fallback: Duration, in range: ClosedRange<Int>
  ) -> Duration {
    .milliseconds(integer(key, default: Int(fallback.wholeMilliseconds), in: range))
  }
}
