import Risk
import TestSupport
import Testing
import TradingModel

struct EntryGateTests {
  @Test
  func `what passes every check leaves as a market order with its stop and target attached`() {
    let scene = GateScene()
    #expect(
      scene.request
        == OrderRequest(
          id: GateScene.id, symbol: GateScene.symbol, slot: .oneWay, side: .buy,
          quantity: "20.1", kind: .market, reduceOnly: false, stop: "0.5044", target: "0.533"))
    guard case .approved(let order) = scene.review() else { return }
    #expect(order.intent == scene.intent)
  }

  @Test(arguments: [
    (PositionMode.oneWay, PositionSide.long, PositionSlot.oneWay),
    (.oneWay, .short, .oneWay), (.hedge, .long, .hedgeLong), (.hedge, .short, .hedgeShort),
  ])
  func `an entry goes to the slot of its side`(
    mode: PositionMode, side: PositionSide, slot: PositionSlot
  ) {
    let scene = GateScene.with {
      $0.situation.positionMode = mode
      $0.intent.side = side
      if side == .short {
        $0.intent.stop = "0.5356"
        $0.intent.target = "0.507"
      }
    }
    #expect(scene.request?.slot == slot)
    #expect(scene.request?.side == side.opening)
  }

  /// One fault for each check, which nothing else notices.
  private static let faults: [(String, @Sendable (inout GateScene) -> Void)] = [
    ("symbol-enabled", { $0.situation.isSymbolEnabled = false }),
    ("active-list", { $0.situation.allowlist = ["BTCUSDT"] }),
    ("signal-age", { $0.intent.time = .noon - .milliseconds(60_001) }),
    ("signal-handled", { $0.situation.handledSignals.insert($0.intent.id) }),
    (
      "position-limits",
      {
        $0.settings.maxPositions = 1
        $0.situation.positions.append(.example("BTCUSDT"))
      }
    ),
    ("ownership", { $0.situation.positions.append(.example(GateScene.symbol, owner: .manual)) }),
    ("stop", { $0.intent.stop = "0.4" }),
    ("price", { $0.situation.marketPrice = nil }),
    ("basis", { $0.situation.basis = .gone("back at the VWAP") }),
    (
      "balance",
      { $0.situation.wallet = .known(.example(equity: "350", available: "1"), at: .noon) }
    ),
    ("edge", { $0.intent.target = "0.5206" }),
    ("exposure", { $0.situation.positions.append(.example("ETHUSDT", margin: "175")) }),
    ("margin", { $0.situation.margin = nil }),
    ("account", { $0.situation.isReconciled = false }),
    ("lock", { $0.situation.locks = [Lock(kind: .halted, reason: "by Ana", since: .noon)] }),
    ("throttle", { $0.situation.throttle.noteEntry(GateScene.symbol, at: .noon) }),
    ("preparation", { $0.situation.preparationFailure = "isolated margin refused" }),
    ("link", { $0.situation.links[1].isHealthy = false }),
    ("clock", { $0.situation.clockSkew = nil }),
    ("journal", { $0.situation.isJournalWorking = false }),
    ("stopping", { $0.situation.isStopping = true }),
  ]

  @Test(arguments: faults.indices)
  func `each check refuses on its own, in words`(index: Int) {
    let (key, fault) = Self.faults[index]
    let scene = GateScene.with(fault)
    #expect(scene.refusedBy == [key])
    #expect(scene.refusals.allSatisfy { !$0.text.isEmpty })
  }

  @Test
  func `all failing checks are reported, in their order, not the first alone`() {
    let scene = GateScene.with { scene in
      for (_, fault) in Self.faults { fault(&scene) }
    }
    #expect(scene.refusedBy == Self.faults.map(\.0))
  }

  @Test
  func `an account that is not known refuses without a word about its size`() {
    let scene = GateScene.with {
      $0.situation.wallet = .unknown(since: .noon, why: "timed out")
      $0.situation.margin = nil
    }
    #expect(
      scene.refusals == [
        Refusal(check: "balance", text: "the balance is not known"),
        Refusal(check: "margin", text: "margin in use is not known"),
        Refusal(check: "account", text: "not known since 12:00:00: timed out"),
      ])
  }
}
