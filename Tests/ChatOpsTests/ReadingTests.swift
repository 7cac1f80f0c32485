import Chat
import TestSupport
import Testing
import TradingModel

@testable import ChatOps

@Suite struct ReadingTests {
  @Test func `status shows the truth on one screen`() async throws {
    let phone = try await Phone()
    await phone.say("/status")
    #expect(
      phone.text == """
        🟢 RUNNING · live · main
        Equity 10,552.30 USDT · today +312.30 (+3.05%)

        -5%  .......####..........  +10%
        to stop -824.30   target +711.70
        IM   36.4%  [####......] warn 80
        Expo 1.82x   orders 4 + 6 exits

        3 positions +124.78: BTC +92.46 · SOL +61.20 · ETH −28.88
        If every stop filled: day −1.84% (−188.58)
        Modules: liquidation ✓ · density ✓ · momentum ✓ · confluence ⏸ 38 min
        Links: Bybit 0.2 s · Binance 1.1 s · store ok
        as of 12:04:31 UTC
        """)
    #expect(
      phone.labels == [["Refresh", "Positions", "PnL"], ["Pause all", "Close…", "Panic"]])
    #expect(phone.screen?.isSilent == true)
  }

  @Test func `a viewer sees no button that a viewer may not use`() async throws {
    let phone = try await Phone()
    await phone.say("/s", from: .eve)
    #expect(phone.labels == [["Refresh", "Positions", "PnL"]])
  }

  @Test func `what is wrong stands in the first line, and what is unknown is said to be`()
    async throws
  {
    let phone = try await Phone()
    phone.bus.change {
      $0.state = .degraded
      $0.troubles = ["Bybit private stream silent for 42 s"]
      $0.wallet = .unknown(since: Phone.now - .seconds(42), why: "no answer")
      $0.day = nil
      $0.margin = nil
      $0.isRecording = false
      $0.positions[0].position.stop = nil
      $0.positions[1].profit = nil
    }
    await phone.say("/status")
    let text = phone.text
    #expect(text.hasPrefix("🟠 DEGRADED · Bybit private stream silent for 42 s · live · main\n"))
    #expect(text.contains("Equity unknown since 12:03:49 UTC: no answer"))
    #expect(text.contains("IM unknown"))
    #expect(text.contains("3 positions unknown:"))
    #expect(text.contains("NO STOP ON EXCHANGE: BTC"))
    #expect(text.contains("store FAILING"))
    #expect(!text.contains("0.00"))
  }

  @Test func `risk tells every limit and what happens at which equity`() async throws {
    let phone = try await Phone()
    phone.bus.change {
      $0.cooldowns = [
        Cooldown("DOGEUSDT", after: "a loss", until: Phone.now + .seconds(240))
      ]
      $0.entryLimits.maxPosition = [EntryLimits.EngineShare(.liquidation, "0.15")]
      $0.entryLimits.startLoss = "0.1"
      $0.margin?.maintenanceUse = "0.02"
    }
    await phone.say("/risk")
    #expect(
      phone.text == """
        IM       36.4%  warn 80 cut 100
        Exposure 19,050 USDT  (1.82x)
        Day     +3.05%  stop -5 tgt +10
        Largest  BTCUSDT 40.9% of expo
        Leverage 5x isolated
        IM: initial margin of positions and orders, as a share of equity · MM 2.0%
        Next automatic action: close all and lock at equity 9,728.00 (−824.30) or 11,264.00 (+711.70).
        Above IM 100% the bot closes 20% of every position.
        A 4.3% move against all positions would hit the daily stop.
        If every stop filled: day −1.84% (−188.58)
        DOGEUSDT rests after a loss: 4 min left
        All positions at most 50% of equity by margin · 10 open, 5 per module
        One position at most: liquidation 15% of equity
        Stop at most 10% away · 2 entries per symbol and 20 in all in 1 min · balance at least 10 USDT
        A loss of 10% since the start closes everything.
        """)
    #expect(phone.labels == [["Refresh", "Positions", "PnL"]])
  }

  @Test func `risk says what is unknown, and leaves out what does not apply`() async throws {
    let phone = try await Phone()
    phone.bus.change {
      $0.day = nil
      $0.margin = nil
      $0.worstCase = nil
      $0.positions[0].position.stop = nil
    }
    await phone.say("/risk")
    #expect(phone.text.contains("IM unknown"))
    #expect(phone.text.contains("The day is unknown: no limit of it is judged."))
    #expect(phone.text.contains("If every stop filled: unknown"))
    #expect(!phone.text.contains("move against"))
    phone.bus.change {
      $0.positions = []
      $0.day = .example()
      $0.day?.baseline.hasStopped = true
    }
    await phone.say("/risk", number: 2)
    #expect(phone.text.contains("equity stop fired, again from 00:00 UTC or 11,264.00"))
    #expect(!phone.text.contains("every stop") && !phone.text.contains("Largest"))
  }

  @Test func `refresh edits the message in place`() async throws {
    let phone = try await Phone()
    await phone.say("/status")
    phone.bus.change { $0.state = .paused }
    await phone.tap("Refresh")
    #expect(phone.chat.sent.count == 1)
    #expect(phone.text.hasPrefix("⏸ PAUSED"))
  }

  @Test func `positions are cards, three per page`() async throws {
    let phone = try await Phone()
    await phone.say("/positions")
    #expect(
      phone.text.hasPrefix(
        """
        1/3 BTCUSDT · LONG 5x · liquidation
        0.120 @ 64,210.0 → 64,980.5
        +92.46 USDT (+1.20%)
        SL 63,250.0 (−2.7%) · TP 66,100.0 (+1.7%)
        open for 2 h 14 min · stop confirmed on Bybit

        2/3 ETHUSDT
        """))
    #expect(phone.labels == [["Close BTC…", "Close ETH…", "Close SOL…"]])

    phone.bus.change { snapshot in
      snapshot.positions.append(
        .example(.example("XRPUSDT", stop: nil, target: nil), profit: nil))
    }
    await phone.say("/p", number: 2)
    #expect(phone.labels.last == ["◀", "1/2", "▶"])
    await phone.tap("▶")
    #expect(phone.text.hasPrefix("4/4 XRPUSDT"))
    #expect(phone.text.contains("NO STOP ON EXCHANGE"))
    #expect(phone.text.contains("Profit unknown"))
  }

  @Test func `pnl shows the day as a table of at most 32 columns`() async throws {
    let phone = try await Phone()
    await phone.say("/pnl")
    #expect(
      phone.text == """
        PnL of the UTC day, 20 Nov
        Baseline 00:00     10,240.00
        Realised             +201.40
        Unrealised           +124.78
        Fees                  -11.62
        Funding                -2.26
        ----------------------------
        Net                  +312.30
        Equity             10,552.30
        6 trades: 4 won, 2 lost · best SOL +88.10 · worst DOGE −21.35
        By module: liquidation +171.20 · density +96.40 · momentum +44.70
        """)
  }

  @Test(
    arguments: [
      ("201.409", nil), ("193.65", "Other                  +7.75"),
      ("201.50", "Other                  -0.10"),
    ] as [(Notional, String?)])
  func `the table of the day adds up, with a row for what its parts do not explain`(
    realised: Notional, row: String?
  ) async throws {
    let phone = try await Phone()
    phone.bus.change { $0.day?.realised = realised }
    await phone.say("/pnl")
    #expect(phone.text.contains("Other") == (row != nil))
    if let row { #expect(phone.text.contains(row)) }
  }

  @Test(arguments: [
    (Lock.Kind.paused(nil), Person.bob, "Resume"), (.halted, .bob, "Resume"),
    (.paused(.density), .bob, "Pause all"), (.panic, .ana, "Unlock"), (.day, .ana, "Unlock"),
    (.day, .bob, "Pause all"),
  ])
  func `status offers to end what keeps entries off`(
    lock: Lock.Kind, person: Person, button: String
  ) async throws {
    let phone = try await Phone()
    phone.bus.change { $0.locks = [Lock(kind: lock, reason: "by Ana", since: Phone.now)] }
    await phone.say("/status", from: person)
    #expect(phone.labels.last?.first == button)
    await phone.tap(button, by: person)
    #expect(phone.chat.sent.count == 2 || phone.bus.submitted.count == 1)
  }

  @Test func `a symbol is taken in every form, a typo gives the nearest and shows nothing`()
    async throws
  {
    let phone = try await Phone()
    for (number, form) in ["btc", "BTCUSDT", "btcusdt", "BTC/USDT"].enumerated() {
      await phone.say("/positions \(form)", number: Int64(number + 1))
      #expect(phone.text.hasPrefix("1/1 BTCUSDT"))
    }
    await phone.say("/positions soll", number: 9)
    #expect(phone.text == "Bybit has no USDT perpetual SOLL.")
    #expect(phone.labels == [["SOLUSDT", "SOLVUSDT"]])
    await phone.tap("SOLUSDT")
    #expect(phone.text.hasPrefix("1/1 SOLUSDT"))
    await phone.say("/positions sol so", number: 10)
    await phone.tap("SOLUSDT", id: "mended")
    #expect(phone.text.hasPrefix("1/1 SOLUSDT"))
  }

  @Test(arguments: [
    ("/status now", "Usage: /status"),
    ("/allow", "Usage: /allow SYM… [duration], e.g. /allow sol xrp 6h"),
    (
      "/pause liquidation density",
      "Usage: /pause [module | all] [duration], e.g. /pause liquidation 30m"
    ),
    ("/kill all", "Usage: /kill"),
  ])
  func `wrong arguments run nothing and give the usage in one line`(
    typed: String, usage: String
  ) async throws {
    let phone = try await Phone()
    await phone.say(typed)
    #expect(phone.text == usage)
    #expect(phone.bus.submitted.isEmpty)
    #expect(phone.log.rows.map(\.stage) == [.refused])
  }

  @Test(arguments: [
    ("/close btc 150%", "150% is no share to close"), ("/close btc 150", "150 is no share"),
    ("/close btc 0%", "0% is no share"), ("/close doge -5", "-5 is no share"),
    ("/close btc 5x", "5x is no share"), ("/close btc 12,5%", "5% is no share"),
    ("/deny btc 5x", "5x is no duration: write 45s, 30m, 6h or 2d"),
    ("/deny btc 30min", "30min is no duration"), ("/allow sol 0h", "0h is no duration"),
    ("/allow sol 91d", "91d is no duration"), ("/pause 30", "30 is no duration"),
    ("/pause abc", "abc is no module. There are: liquidation, density, momentum, confluence, all."),
    ("/resume abc", "abc is no module"), ("/close a<b", "a<b is no symbol"),
  ])
  func `a word that is misread is named, with what would be right and the usage`(
    typed: String, why: String
  ) async throws {
    let phone = try await Phone()
    await phone.say(typed)
    #expect(phone.text.hasPrefix(why), "\(phone.text)")
    #expect(phone.text.contains("\nUsage: /"))
    #expect(phone.bus.submitted.isEmpty)
    #expect(phone.log.rows.map(\.stage) == [.refused])
  }

  @Test func `a symbol that begins with figures is no number`() async throws {
    let phone = try await Phone(
      instruments: .examples + [.example("1INCHUSDT"), .example("0GUSDT")])
    await phone.say("/allow 1inch 0g 6h")
    #expect(phone.bus.submitted.map(\.deed) == [.allow(["1INCHUSDT", "0GUSDT"], for: .hours(6))])
    await phone.say("/close 50% btc", number: 2)
    #expect(phone.text.contains("Sell 0.060 (50%)"))
    #expect(phone.text.contains("now +46.23"))
  }

  @Test(arguments: [
    ("foo", []), ("so", ["SOLUSDT", "SOLVUSDT"]), ("soll", ["SOLUSDT", "SOLVUSDT"]),
    ("dgoe", ["DOGEUSDT"]), ("xprp", ["XRPUSDT"]), ("eth2", ["ETHUSDT"]), ("a", []),
  ])
  func `only what is near is suggested for a symbol that is not traded`(
    typed: String, nearest: [String]
  ) async throws {
    let phone = try await Phone()
    await phone.say("/allow \(typed)")
    #expect(phone.text == "Bybit has no USDT perpetual \(typed.uppercased()).")
    #expect(phone.labels.flatMap { $0 } == nearest)
    #expect(phone.bus.submitted.isEmpty)
  }

  @Test func `an unknown command gives the nearest as buttons`() async throws {
    let phone = try await Phone()
    await phone.say("/pnic now")
    #expect(phone.text == "There is no /pnic.")
    #expect(phone.labels.first?.first == "/panic")
    #expect(phone.labels.last == ["/help"])
    #expect(phone.bus.submitted.isEmpty)
  }

  @Test func `help has a line and a button per topic, and only what the role may`() async throws {
    let phone = try await Phone()
    await phone.say("/start")
    #expect(phone.labels == [["Look", "Close", "Stop"], ["Settings"]])
    #expect(phone.text.contains("Stop: /pause /resume /kill /panic /unlock"))
    await phone.say("/help", from: .eve, number: 2)
    #expect(!phone.text.contains("/close"))
    await phone.say("/help close", number: 3)
    #expect(phone.text.contains("Also: /c /closeall /flatten"))
  }

  @Test func `help on what there is not says so and shows what is near`() async throws {
    let phone = try await Phone()
    await phone.say("/help nope")
    #expect(phone.text == "There is no help on nope.")
    #expect(phone.labels == [["Look", "Close", "Stop"], ["Settings"]])
    await phone.say("/help clsoe", number: 2)
    #expect(phone.text == "There is no help on clsoe.")
    #expect(phone.labels.first == ["Close", "/close"])
    await phone.tap("/close")
    #expect(phone.text.hasPrefix("/close\n"))
    await phone.say("/help unlock", from: .bob, number: 3)
    #expect(phone.text == "/unlock is not for the role operator.")
  }

  @Test func `a limit of the day that has fired guards nothing more, and status says so`()
    async throws
  {
    let phone = try await Phone()
    phone.bus.change {
      $0.state = .locked
      $0.locks = [Lock(kind: .day, reason: "daily stop -6.03%", since: Phone.now)]
      $0.day?.baseline.hasStopped = true
      $0.day?.net = "-617.47"
      $0.day?.result = "-0.0603"
    }
    await phone.say("/status")
    #expect(phone.text.contains("Day lock · daily stop −6.03% · since"))
    #expect(phone.text.contains("stop fired, again from 00:00 UTC\ntarget +1,641.47\n"))
    #expect(!phone.text.contains("to stop"))
    phone.bus.change { $0.day?.baseline.hasStopped = false }
    await phone.say("/status", number: 2)
    #expect(phone.text.contains("stop reached   target +1,641.47\n"))
    phone.bus.change {
      $0.day?.baseline.hasReachedTarget = true
      $0.day?.net = "1030"
      $0.day?.result = "0.1006"
    }
    await phone.say("/status", number: 3)
    #expect(phone.text.contains("to stop -1,542.00\ntarget hit, again from 00:00 UTC\n"))
  }

  @Test func `health says what is not known`() async throws {
    let phone = try await Phone()
    await phone.say("/ping")
    #expect(phone.text.contains("version  1.4.0"))
    #expect(phone.text.contains("clock    unknown"))
    #expect(phone.text.contains("Bybit    REST unknown"))
    #expect(phone.text.contains("Binance  liquidations  ok  1.1 s"))
  }

  @Test func `health tells the round trip that was measured last, and when`() throws {
    let person = Person.ana
    let scene = Scene(
      snapshot: .example(at: Phone.now), book: InstrumentBook(.examples), person: person,
      now: Phone.now, words: .english,
      settings: ChatOpsSettings(modeLabel: "live", version: "1.4.0"),
      health: HealthFigures(
        requestTime: .milliseconds(84), requestAge: .seconds(125), pollAge: .milliseconds(400)),
      firing: 0, recent: [])
    guard case .show(let screen) = try HealthCommand.answer(Arguments(""), in: scene) else {
      Issue.record("health shows a screen")
      return
    }
    #expect(screen.plainText.contains("Bybit    REST 84 ms  2 min ago"))
    #expect(screen.plainText.contains("chat     poll 0.4 s"))
  }
}
