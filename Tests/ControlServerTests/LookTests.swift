import TestSupport
import Testing
import TradingModel

@testable import ControlServer

@Suite(.timeLimit(.minutes(1)))
struct LookTests {
  @Test func `health is 200 with what the older readers look for`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let answer = try await bench.ask(Requests.get("/healthz"))
      #expect(answer.status == 200)
      for part in [
        #""status": "ok""#, #""failing": []"#, #""trading_enabled": true"#,
        #""panic_tripped": false"#, #""uptime_sec": 90"#, #""state": "running""#,
      ] {
        #expect(answer.body.contains(part), "\(part)")
      }
    }
  }

  @Test func `health is 503 with the failing parts`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      bench.bus.change {
        $0.state = .locked
        $0.troubles = ["account link silent", "store not writable: disk full"]
        $0.locks = [Lock(kind: .panic, reason: "by Ana", since: .noon)]
      }
      let answer = try await bench.ask(Requests.get("/healthz"))
      #expect(answer.status == 503)
      #expect(answer.body.contains("account link silent") && answer.body.contains("disk full"))
      #expect(answer.body.contains(#""trading_enabled": false"#))
      #expect(answer.body.contains(#""panic_tripped": true"#))
      let status = try await bench.ask(Requests.get("/panic/status"))
      #expect(status.status == 200 && status.body.contains(#""why": "by Ana""#))
      #expect(status.body.contains(#""last_report": null"#))
      #expect(status.body.contains(#""process": 4711"#))
    }
  }

  @Test(
    arguments: [
      (.paused(nil), false), (.paused(.density), true), (.halted, false), (.day, false),
      (.flagFile, false), (.panic, false),
    ] as [(Lock.Kind, Bool)])
  func `trading is enabled when no lock forbids every entry`(kind: Lock.Kind, isEnabled: Bool) {
    var snapshot = EngineSnapshot.example()
    snapshot.locks = [Lock(kind: kind, reason: "", since: .noon)]
    #expect(snapshot.isTradingEnabled == isEnabled)
    snapshot.isStandIn = true
    #expect(!snapshot.isTradingEnabled, "the guard enters nothing")
  }

  @Test func `figures come as Prometheus reads them`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      let answer = try await bench.ask(Requests.get("/metrics"))
      #expect(answer.status == 200)
      #expect(answer.headers.contains("content-type: text/plain; version=0.0.4"))
      for line in [
        "# TYPE quarterdeck_frame_to_decision_seconds histogram",
        #"quarterdeck_frame_to_decision_seconds_bucket{le="0.000002"} 0"#,
        #"quarterdeck_frame_to_decision_seconds_bucket{le="0.000005"} 1"#,
        #"quarterdeck_frame_to_decision_seconds_bucket{le="0.002"} 1"#,
        #"quarterdeck_frame_to_decision_seconds_bucket{le="0.005"} 2"#,
        #"quarterdeck_frame_to_decision_seconds_bucket{le="+Inf"} 2"#,
        "quarterdeck_frame_to_decision_seconds_sum 0.003003",
        "quarterdeck_frame_to_decision_seconds_count 2",
        "quarterdeck_equity_usdt 10552.3", "quarterdeck_day_pnl_usdt 312.3",
        "quarterdeck_initial_margin_ratio 0.364", "quarterdeck_positions 3",
        #"quarterdeck_order_rejects_total{code="110007"} 4"#,
        #"quarterdeck_queue_depth{queue="inbox"} 5"#,
        #"quarterdeck_queue_depth{queue="outbox"} 2"#,
        "process_resident_memory_bytes 40000000", "quarterdeck_uptime_seconds 90",
        #"quarterdeck_link_up{link="account"} 1"#,
      ] {
        #expect(answer.body.split(separator: "\n").contains(Substring(line)), "\(line)")
      }
    }
  }

  @Test func `a figure that is not known is left out, not zero`() async throws {
    try await Bench.serving { (bench: Bench) async throws in
      bench.bus.change {
        $0.wallet = .unknown(since: .noon, why: "cut")
        $0.day = nil
        $0.margin = nil
      }
      let body = try await bench.ask(Requests.get("/metrics")).body
      for name in ["equity", "day_pnl", "margin", "positions", "store_bytes", "clock_skew"] {
        #expect(!body.contains("quarterdeck_\(name)"), "\(name)")
      }
      #expect(body.contains("quarterdeck_trading_enabled 1"))
    }
  }

  /// An engine that is stuck.
  private struct StuckBus: CommandBus {
    let latch = Latch()
    let progress = AsyncStream<CommandProgress> { $0.finish() }
    let alerts = AsyncStream<Alert> { $0.finish() }

    func submit(_ command: OperatorCommand) async {}
    func instruments() async -> [Instrument] { [] }
    func snapshot() async -> EngineSnapshot {
      await latch.wait()
      return .example()
    }
  }

  @Test func `an engine that is stuck is told after two seconds, and seen again when it is not`()
    async
  {
    let (clock, bus) = (ManualClock(), StuckBus())
    let glance = Glance(
      ControlPorts(
        bus: bus, progress: bus.progress, log: NotedCommands(), words: { _, _, _ in "" },
        engineFigures: { .example }, programFigures: { .example }, process: 4711, clock: clock))
    async let first = glance.look()
    await clock.passSleep(of: Glance.patience)
    #expect(await first == nil)
    let health = ControlAnswer.health(nil, .example, at: .noon)
    #expect(health.status == .serviceUnavailable)
    #expect(health.body.document.contains("the engine does not answer"))
    #expect(health.body.document.contains(#""trading_enabled": null"#))
    let metrics = MetricsText(nil, .example, refused: [], at: .noon).text
    #expect(metrics.contains("quarterdeck_engine_up 0") && !metrics.contains("equity"))
    bus.latch.open()
    #expect(await glance.look() != nil)
  }

  @Test func `a label's value can't break the text`() {
    var metrics = MetricsText()
    metrics.family("m", "h", .counter, label: "l", [("a\"b\\c\nd", "1")])
    #expect(metrics.text == "# HELP m h\n# TYPE m counter\nm{l=\"a\\\"b\\\\c\\nd\"} 1\n")
  }

  @Test(
    arguments: [
      (.zero, "0"), (.microseconds(5), "0.000005"), (.milliseconds(-1500), "-1.5"),
      (.seconds(120), "120"),
    ] as [(Duration, String)])
  func `durations are seconds with their digits`(duration: Duration, text: String) {
    #expect(MetricsText.seconds(duration) == text)
  }
}
