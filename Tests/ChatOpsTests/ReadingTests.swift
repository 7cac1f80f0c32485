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
    (
      "/close btc 150",
      "Usage: /close [SYM… | all | losers | winners] [percent], e.g. /close btc 50%"
    ),
    (
      "/close btc 0%",
      "Usage: /close [SYM… | all | losers | winners] [percent], e.g. /close btc 50%"
    ),
    ("/pause everything", "Usage: /pause [module | all] [duration], e.g. /pause liquidation 30m"),
    ("/allow", "Usage: /allow SYM… [duration], e.g. /allow sol xrp 6h"),
    ("/allow sol 0h", "Usage: /allow SYM… [duration], e.g. /allow sol xrp 6h"),
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

  @Test func `health says what is not known`() async throws {
    let phone = try await Phone()
    await phone.say("/ping")
    #expect(phone.text.contains("version  1.4.0"))
    #expect(phone.text.contains("clock    unknown"))
    #expect(phone.text.contains("Binance  liquidations  ok  1.1 s"))
  }
}
