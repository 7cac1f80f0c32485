import Risk
import TestSupport
import Testing
import TradingModel

/// Both sides of every edge of the checks.
struct EntryCheckEdgeTests {
  private func expect(
    _ key: String, refuses: Bool, in scene: GateScene,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(scene.refusedBy == (refuses ? [key] : []), sourceLocation: sourceLocation)
  }

  @Test(arguments: [(Int64(60_000), false), (60_001, true), (-60_000, false), (-60_001, true)])
  func `a signal may be 60 s old`(milliseconds: Int64, refuses: Bool) {
    let scene = GateScene.with { $0.intent.time = .noon - .milliseconds(milliseconds) }
    expect("signal-age", refuses: refuses, in: scene)
  }

  @Test
  func `positions and entries under way count against both limits, a growing one once`() {
    var scene = GateScene.with {
      $0.settings.maxPositions = 3
      $0.settings.maxPositionsPerEngine = 2
      $0.situation.positions = [.example("BTCUSDT", owner: .engine(.liquidation))]
      $0.situation.pendingEntries = [.example("BTCUSDT", owner: .engine(.liquidation))]
    }
    expect("position-limits", refuses: false, in: scene)

    scene.situation.pendingEntries.append(.example("ETHUSDT", owner: .engine(.liquidation)))
    #expect(scene.refusals.map(\.text) == ["2 positions of liquidation, at most 2"])

    scene.situation.pendingEntries[1].owner = .manual
    expect("position-limits", refuses: false, in: scene)

    scene.situation.positions.append(.example("SOLUSDT"))
    #expect(scene.refusals.map(\.text) == ["3 positions, at most 3"])
  }

  @Test
  func `a symbol is taken by any position or entry under way, the engine's own too`() {
    let own = GateScene.with {
      $0.situation.positions = [.example(GateScene.symbol, owner: .engine(.liquidation))]
    }
    #expect(own.refusals.map(\.text) == ["ADAUSDT is held by liquidation, long"])
    let pending = GateScene.with { $0.situation.pendingEntries = [.example(GateScene.symbol)] }
    #expect(pending.refusals.map(\.text) == ["an entry of momentum in ADAUSDT is under way"])
  }

  // 350 USDT: 15% are 52.5. The entry ties up 3.484.
  @Test(arguments: [("49", false), ("49.1", true)] as [(Notional, Bool)])
  func `what the symbol has already and is about to counts as one position with the entry`(
    margin: Notional, refuses: Bool
  ) {
    let scene = GateScene.with {
      $0.situation.positions = [
        .example(GateScene.symbol, owner: .engine(.liquidation), margin: margin)
      ]
    }
    #expect(scene.refusedBy == (refuses ? ["ownership", "exposure"] : ["ownership"]))
  }

  // Where nothing is set 5% of 350 are 17.5. The entry ties up 3.484.
  @Test(arguments: [("14.016", false), ("14.01600001", true)] as [(Notional, Bool)])
  func `one position of an engine without a share of its own stays within 5%`(
    margin: Notional, refuses: Bool
  ) {
    let scene = GateScene.with {
      $0.intent.engine = .momentum
      $0.situation.positions = [
        .example(GateScene.symbol, owner: .engine(.momentum), margin: margin)
      ]
    }
    #expect(scene.refusedBy == (refuses ? ["ownership", "exposure"] : ["ownership"]))
  }

  // By notional the entry weighs 10.452 of 52.5, and what is held its whole size, whatever its
  // leverage. By margin the entry weighs 3.484, and what is held its size at its own leverage.
  @Test(
    arguments: [
      (ExposureBase.notional, Ratio.times(10), "42.048", false),
      (.notional, .times(10), "42.04800001", true), (.notional, .one, "42.048", false),
      (.margin, .times(10), "490.16", false), (.margin, .times(10), "490.16000001", true),
      (.margin, .times(2), "98.032", false), (.margin, .times(2), "98.03200002", true),
    ] as [(ExposureBase, Ratio, Quantity, Bool)])
  func `what is held weighs by the base that is set, and by its own leverage`(
    base: ExposureBase, leverage: Ratio, size: Quantity, refuses: Bool
  ) {
    let scene = GateScene.with {
      $0.settings.exposureBase = base
      $0.settings.maxExposure = .percent(10_000)
      var held = Position.example(GateScene.symbol, quantity: size, entry: "1", mark: "1")
      held.initialMargin = nil
      held.leverage = leverage
      $0.situation.positions = [HeldPosition(held, owner: .engine(.liquidation))]
    }
    #expect(scene.refusedBy == (refuses ? ["ownership", "exposure"] : ["ownership"]))
  }

  // Of 0.52: 0.05% is 0.00026, 10% is 0.052.
  @Test(arguments: [
    (PositionSide.long, "0.51974", false), (.long, "0.51975", true),
    (.long, "0.468", false), (.long, "0.46799", true), (.long, "0.52", true),
    (.long, "0.53", true), (.long, "0", true),
    (.short, "0.52026", false), (.short, "0.52025", true),
    (.short, "0.572", false), (.short, "0.57201", true), (.short, "0.52", true),
    (.short, "0.51", true),
  ])
  func `a stop lies on the losing side, 0.05% to 10% away, both included`(
    side: PositionSide, stop: String, refuses: Bool
  ) throws {
    let stop = try Price(stop)
    let scene = GateScene.with {
      $0.situation.instrument?.tickSize = "0.00001"
      $0.intent.side = side
      $0.intent.stop = stop
      $0.intent.target = nil
    }
    expect("stop", refuses: refuses, in: scene)
  }

  @Test
  func `a stop off the tick is refused`() {
    expect("stop", refuses: true, in: .with { $0.intent.stop = "0.50445" })
  }

  // 1% of 0.52 is 0.0052.
  @Test(arguments: [("0.5252", false), ("0.5253", true), ("0.5148", false), ("0.5147", true)])
  func `the market may be 1% away from the price that the engine saw`(
    seen: String, refuses: Bool
  ) throws {
    let seen = try Price(seen)
    expect("price", refuses: refuses, in: .with { $0.intent.price = seen })
  }

  @Test
  func `what can't be seen any more counts as gone`() {
    expect("basis", refuses: true, in: .with { $0.situation.basis = .unknown("no VWAP") })
  }

  // Round trip 0.11% of 0.52 is 0.000572; spread 0.0001.
  @Test(arguments: [
    (PositionSide.long, "0.520672", true), (.long, "0.52067201", false),
    (.long, "0.51", true), (.short, "0.519328", true), (.short, "0.51932799", false),
  ])
  func `a target must clear the fees of both ways and the spread`(
    side: PositionSide, target: String, refuses: Bool
  ) throws {
    let target = try Price(target)
    var scene = GateScene.with {
      $0.intent.side = side
      $0.intent.stop = side == .long ? "0.5044" : "0.5356"
      $0.intent.target = target
    }
    expect("edge", refuses: refuses, in: scene)
    scene.situation.spread = .zero
    expect("edge", refuses: target == "0.51", in: scene)
    scene.situation.spread = nil
    #expect(scene.refusedBy == ["edge", "open-risk"], "not known is not zero")
    scene.situation.spread = .zero
    scene.settings.minimumEdge = .percent(3)
    expect("edge", refuses: true, in: scene)
  }

  // 20.1 coins at 0.52 are 10.452 USDT: margin 3.484, fees of both ways 0.0114972.
  @Test(arguments: [("3.4954972", false), ("3.49549719", true)])
  func `what is free must cover margin and fees, after the entries under way`(
    free: String, refuses: Bool
  ) throws {
    let free = try Notional(free)
    var scene = GateScene.with {
      $0.situation.wallet = .known(.example(equity: "350", available: free), at: .noon)
    }
    expect("balance", refuses: refuses, in: scene)
    scene.situation.wallet = .known(
      .example(equity: "350", available: free + "1"), at: .noon)
    scene.situation.pendingEntries = [.example("BTCUSDT", notional: "3", leverage: .times(3))]
    expect("balance", refuses: refuses, in: scene)
  }

  @Test(arguments: [("10", false), ("9.99999999", true)])
  func `under 10 USDT nothing is entered`(balance: String, refuses: Bool) throws {
    let balance = try Notional(balance)
    let scene = GateScene.with {
      $0.situation.wallet = .known(.example(equity: "350", balance: balance), at: .noon)
      $0.intent.size = .shareOfBalance(.percent(50), raiseLimit: .times(2))
    }
    expect("balance", refuses: refuses, in: scene)
  }

  // The entry's own margin is 3.484; half of 350 is 175.
  @Test(arguments: [("171.516", false), ("171.51600001", true)])
  func `all positions together stay within half of equity, by margin`(
    margin: String, refuses: Bool
  ) throws {
    let margin = try Notional(margin)
    let scene = GateScene.with {
      $0.situation.positions = [.example("BTCUSDT", margin: margin)]
    }
    expect("exposure", refuses: refuses, in: scene)
  }

  @Test
  func `one position stays within its engine's share, and by notional where that is the base`() {
    // 15% of 350 is 52.5: margin of 15% is 52.4992 after the step, of 16% 55.9.
    var scene = GateScene.with {
      $0.intent.size = .shareOfBalance(.percent(15), raiseLimit: .times(2))
    }
    expect("exposure", refuses: false, in: scene)
    scene.intent.size = .shareOfBalance(.percent(16), raiseLimit: .times(2))
    expect("exposure", refuses: true, in: scene)

    scene.intent.size = .shareOfBalance(.percent(5), raiseLimit: .times(2))
    scene.settings.exposureBase = .notional
    expect("exposure", refuses: false, in: scene)
    scene.intent.size = .shareOfBalance(.percent(6), raiseLimit: .times(2))
    expect("exposure", refuses: true, in: scene)

    scene.intent.engine = .momentum
    scene.intent.size = .shareOfBalance(.percent(2), raiseLimit: .times(2))
    expect("exposure", refuses: true, in: scene)
  }

  // The entry adds 3.484 ÷ 350 = 0.99542857%.
  @Test(arguments: [("0.7900457", false), ("0.79004571", true), ("0.81", true)])
  func `margin in use stays under 80% with the entry`(use: String, refuses: Bool) throws {
    let use = try Ratio(use)
    let scene = GateScene.with { $0.situation.margin?.initialUse = use }
    expect("margin", refuses: refuses, in: scene)
  }

  @Test
  func `a margin warning holds entries back until it is over`() {
    expect("margin", refuses: true, in: .with { $0.situation.marginState = .warned })
  }

  @Test(arguments: [(Int64(15_000), false), (15_001, true)])
  func `an account not heard of for more than 15 s is unknown`(milliseconds: Int64, refuses: Bool) {
    let scene = GateScene.with {
      $0.situation.wallet = .known($0.wallet, at: .noon - .milliseconds(milliseconds))
    }
    expect("account", refuses: refuses, in: scene)
  }

  @Test
  func `every standing lock is told, the strictest first, but not another engine's pause`() {
    let scene = GateScene.with {
      $0.situation.locks = [
        Lock(kind: .paused(.liquidation), reason: "by Ana", since: .noon),
        Lock(kind: .paused(.momentum), reason: "by Ana", since: .noon),
        .day(reason: "daily stop", at: .noon),
        .panic(reason: "by Bo", at: .noon, isFlat: true),
        Lock(kind: .halted, reason: "over", since: .noon, until: .noon),
      ]
    }
    #expect(
      scene.refusals.map(\.text) == [
        "panic lock: by Bo", "day lock: daily stop", "paused liquidation: by Ana",
      ])
  }

  @Test
  func `no connection known is no connection`() {
    expect("link", refuses: true, in: .with { $0.situation.links = [] })
  }

  @Test(arguments: [(Int64(2500), false), (2501, true), (-2500, false), (-2501, true)])
  func `the venue's clock may be 2.5 s off, either way`(milliseconds: Int64, refuses: Bool) {
    let scene = GateScene.with { $0.situation.clockSkew = .milliseconds(milliseconds) }
    expect("clock", refuses: refuses, in: scene)
  }
}
