import Foundation
import Strategies
import TestSupport
import Testing
import TradingModel
import Transport

@testable import Quarterdeck

struct SettingsTests {
  /// A folder of settings that exists for one test.
  private struct Folder: ~Copyable {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "quarterdeck-settings-\(ProcessInfo.processInfo.globallyUniqueString)"
    ).path

    init(
      settings: String = "", coins: String = "", allowlist: String? = nil,
      sizes: String? = nil
    ) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try settings.write(toFile: path + "/settings.yaml", atomically: true, encoding: .utf8)
      try coins.write(toFile: path + "/coins.yaml", atomically: true, encoding: .utf8)
      try sizes?.write(toFile: path + "/ordersize.json", atomically: true, encoding: .utf8)
      try allowlist?.write(toFile: path + "/allowlist.json", atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func load(_ environment: [String: String] = [:]) throws -> Settings {
      try SettingsLoader(
        folder: path, overrides: SettingsOverrides(environment: environment)
      ).load()
    }

    func problems(_ environment: [String: String] = [:]) -> [String] {
      do {
        _ = try load(environment)
        return []
      } catch let failure as SettingsLoader.Failure {
        return failure.problems.map {
          $0.description.replacingOccurrences(of: path + "/", with: "")
        }
      } catch {
        return ["\(error)"]
      }
    }
  }

  @Test
  func `the safe choice is the default`() throws {
    let settings = try Folder().load()
    #expect(settings.mode == .paper)
    #expect(settings.label == "paper · mainnet")
    #expect(settings.risk.limits.dayStop == .percent(-5))
    #expect(settings.allowlist.isEmpty)
  }

  @Test
  func `the way out is read, filled from the environment, and its password is not told`() throws {
    let folder = try Folder(
      settings: """
        network:
          proxy: http://me:my-secret@proxy.local:3128
          no_proxy: [internal.test]
        """)
    let network = try folder.load().network
    #expect(network.proxy == Secret("http://me:my-secret@proxy.local:3128"))
    #expect(network.noProxy == ["internal.test"])

    let environment = ["ALL_PROXY": "socks5://me:my-secret@one:1", "NO_PROXY": "b.test"]
    let secrets = try Secrets(environment: environment, envFile: "/nowhere/.env")
    #expect(try secrets.filling(network) == network)
    let filled = try secrets.filling(Folder().load().network)
    #expect(filled == NetworkSettings().filled(from: environment) && filled.proxy != nil)

    let wrong = try Folder(
      settings: "network:\n  proxy: ftp://me:my-secret@x\n  extra_ca_file: /nowhere/ca.pem\n")
    #expect(
      wrong.problems() == [
        "settings.yaml:2: network.proxy: must begin with http:// or socks5://",
        "settings.yaml:3: network.extra_ca_file: /nowhere/ca.pem cannot be read",
      ])
    let slip = try Secrets(environment: ["HTTPS_PROXY": "my-secret"], envFile: "/nowhere/.env")
    let problem = #expect(throws: SettingsProblem.self) { try slip.filling(NetworkSettings()) }
    #expect(problem?.place == "HTTPS_PROXY or ALL_PROXY")
    #expect(problem.map { "\($0)".contains("my-secret") } == false)
  }

  @Test
  func `the project's own examples are right`() throws {
    let config = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "config").path
    let settings = try SettingsLoader(folder: config, overrides: .none).load()
    let btc = try #require(settings.liquidation?.parameters(for: "BTCUSDT"))
    #expect(btc.longVWAPOffset == .percent(2))
    #expect(btc.exits.target == .share("0.025") && btc.exits.stop == .share("0.03"))
    #expect(settings.allowlist.contains("SOLUSDT"))
  }

  @Test(arguments: [("", true), ("check_leverage: false\n", false)])
  func `leverage is set and read back unless check_leverage says no`(
    line: String, isSet: Bool
  ) throws {
    let settings = try Folder(settings: line).load()
    #expect(settings.deskSettings.setsLeverage == isSet)
  }

  @Test
  func `what the paper venue charges and how it begins is read, each in its range`() throws {
    let folder = try Folder(
      settings: """
        paper:
          slippage_pct: 11
          maker_fee_pct: -2
          taker_fee_pct: 2
          liquidation_fee_pct: -1
          maintenance_margin_pct: 0
          margin_mode: portfolio
          position_mode: both
          leverage: 3
        """)
    #expect(
      folder.problems() == [
        "settings.yaml:7: paper.margin_mode: must be one of isolated, cross, is 'portfolio'; the paper "
          + "venue has no portfolio margin",
        "settings.yaml:8: paper.position_mode: must be one of one_way, hedge, is 'both'",
        "settings.yaml:2: paper.slippage_pct: must be between 0 and 10 percent, is 11",
        "settings.yaml:3: paper.maker_fee_pct: must be between -1 and 1 percent, is -2",
        "settings.yaml:4: paper.taker_fee_pct: must be between 0 and 1 percent, is 2",
        "settings.yaml:5: paper.liquidation_fee_pct: must be between 0 and 10 percent, is -1",
        "settings.yaml:6: paper.maintenance_margin_pct: must be between 0.01 and 10 percent, is 0",
        "settings.yaml:9: paper.leverage: unknown key, known here: balance_usdt, failure_pct, "
          + "jitter_ms, latency_ms, liquidation_fee_pct, lost_answer_pct, maintenance_margin_pct, "
          + "maker_fee_pct, margin_mode, position_mode, slippage_pct, taker_fee_pct",
      ])
    #expect(
      try Folder(settings: "paper:\n  taker_fee_pct: 0.1\n").load().engineSettings().risk
        .takerFee == "0.001")
    let live = "mode: live\npaper:\n  taker_fee_pct: 0.1\n"
    #expect(try Folder(settings: live).load().engineSettings().risk.takerFee == "0.00055")
  }

  @Test
  func `an unknown key names its line and the nearest key`() throws {
    let folder = try Folder(settings: "mode: paper\nrisk:\n  daily_stop_pc: -5\n")
    #expect(
      folder.problems() == [
        "settings.yaml:3: risk.daily_stop_pc: unknown key, did you mean `daily_stop_pct`?"
      ])
  }

  @Test
  func `everything wrong is told at once`() throws {
    let folder = try Folder(
      settings: """
        mode: real
        risk:
          daily_stop_pct: 5
          max_positions: many
        engines: liquidation
        """,
      coins: "defaults:\n  leverage: 3x\n")
    let problems = folder.problems()
    #expect(problems.contains("settings.yaml:1: mode: must be one of paper, live, is 'real'"))
    #expect(
      problems.contains(
        "settings.yaml:3: risk.daily_stop_pct: must be between -100 and -0.1 percent, is 5"))
    #expect(
      problems.contains("settings.yaml:4: risk.max_positions: must be a whole number, is 'many'"))
    #expect(problems.contains("settings.yaml:5: engines: must hold further keys, indented"))
    #expect(
      problems.contains(
        "coins.yaml:2: defaults.leverage: must be a number of x: '3x' is not a decimal number"))
    #expect(problems.count == 5)
  }

  @Test(
    arguments: [
      ("mode: [paper", 1, 7, "found `mode: [paper`: the list that `[` opens here is not closed"),
      ("risk: {max_positions: 3\n", 1, 7, "the mapping that `{` opens here is not closed"),
      ("mode: \"paper\n", 1, 7, "the quote that opens here is not closed"),
      ("mode: paper: live\n", 1, 12, "a `:` too many, or a line indented too far"),
      ("mode: paper\n  venue: x\n", 2, 8, "found `venue: x`: a `:` too many, or a line"),
      ("mode paper\nrisk:\n", 1, 1, "`:` is missing after the key"),
      ("risk:\n   max_positions: 3\n  max_stop_pct: 4\n", 3, 3, "indented like nothing above it"),
      ("risk:\n\tmax_positions: 3\n", 2, 1, "a tab; indent with spaces"),
      ("mode: @paper\n", 1, 7, "a value that begins with `@` belongs in quotes"),
      ("mode: *\n", 1, 8, "a value that begins with `*` or `&` belongs in quotes"),
      ("mode: *paper\n", 1, 7, "a value that begins with `*` or `&` belongs in quotes"),
      ("mode: \"pa\\per\"\n", 1, 10, "an unknown escape after `\\`"),
      ("mode: - paper\n", 1, 7, "a list item can't stand here"),
      ("mode: paper\n---\nmode: live\n", 2, 1, "a second document"),
    ] as [(String, Int, Int, String)])
  func `text that is no YAML is told where and how to mend it, beside all else`(
    text: String, line: Int, column: Int, words: String
  ) throws {
    let problems = try Folder(settings: text, coins: "defaults:\n  leverage: 3x\n").problems()
    #expect(problems.count == 2)
    #expect(problems[0].hasPrefix("settings.yaml:\(line):\(column): found "), "\(problems)")
    #expect(problems[0].contains(words), "\(problems)")
    #expect(problems[1].hasPrefix("coins.yaml:2: defaults.leverage"))
  }

  @Test
  func `a key that stands twice hides nothing else`() throws {
    let folder = try Folder(
      settings: """
        mode: paper
        mode: live
        risk:
          max_positions: many
          daily_stop_pct: -4
          "daily_stop_pct": -5
          daily_stop_pct: 7
        mode: real
        """)
    #expect(
      folder.problems() == [
        "settings.yaml:8:1: mode: stands in line 1 already: keep one",
        "settings.yaml:8:1: mode: stands in line 2 already: keep one",
        "settings.yaml:8: mode: must be one of paper, live, is 'real'",
        "settings.yaml:7:3: risk.daily_stop_pct: stands in line 5 already: keep one",
        "settings.yaml:7:3: risk.daily_stop_pct: stands in line 6 already: keep one",
        "settings.yaml:7: risk.daily_stop_pct: must be between -100 and -0.1 percent, is 7",
        "settings.yaml:4: risk.max_positions: must be a whole number, is 'many'",
      ])
  }

  @Test
  func `so it does in JSON`() throws {
    let folder = try Folder(settings: #"{"mode": "paper", "mode": "live", "moode": 1}"#)
    let problems = folder.problems()
    #expect(problems.count == 2)
    #expect(problems[0].contains("mode: stands in line 1 already"))
    #expect(problems[1] == "settings.yaml:1: moode: unknown key, did you mean `mode`?")
  }

  @Test
  func `a bare list with a slip is told where it stands in the file`() throws {
    let problems = try Folder(allowlist: "[\"BTC\",\n \"ETH\"").problems()
    #expect(problems.count == 1)
    #expect(problems[0].hasPrefix("allowlist.json:1:1: found `[\"BTC\",`: the list that `[`"))
  }

  @Test
  func `what the command line says is told by its option`() throws {
    let overrides = SettingsOverrides(
      assignments: ["lick_value", "leverage=many"],
      options: [("--balance", "paper.balance_usdt", "-5")])
    #expect {
      try SettingsLoader(folder: nil, overrides: overrides).load()
    } throws: { error in
      let problems = (error as? SettingsLoader.Failure)?.problems.map(\.description) ?? []
      #expect(
        problems == [
          "--balance: paper.balance_usdt: must be between 1 and 100000000 USDT, is -5",
          "--set leverage: defaults.leverage: must be a number of x: 'many' is not a decimal number",
          "--set lick_value: must be KEY=VALUE",
        ])
      return true
    }
  }

  @Test
  func `the environment wins over the file, and its slips are caught`() throws {
    let folder = try Folder(settings: "risk:\n  daily_stop_pct: -5\n")
    let settings = try folder.load(["QUARTERDECK_RISK__DAILY_STOP_PCT": "-4"])
    #expect(settings.risk.limits.dayStop == .percent(-4))
    #expect(
      folder.problems(["QUARTERDECK_RISK__DAILY_STOP": "-4"]) == [
        "QUARTERDECK_RISK__DAILY_STOP: no such setting, did you mean risk.daily_stop_pct?"
      ])
  }

  @Test
  func `what shows only beside other settings names its line, too`() throws {
    let folder = try Folder(
      settings: """
        risk:
          daily_near_pct: -6
          max_stop_pct: 8
        engines:
          liquidation:
            raise_limit: 1
        """,
      coins: """
        defaults:
          stop_loss_percent: 0
        symbols:
          BTC:
            stop_loss_percent: 8.5
          ETH:
            leverage: 2
          SOL:
            stop_loss_percent: 0.01
        """)
    #expect(
      folder.problems() == [
        "settings.yaml:2: risk.daily_near_pct: must lie between daily_stop_pct -5 and its end -5.25, is -6",
        "coins.yaml:2: defaults.stop_loss_percent: must be between 0 and 100, is 0",
        "coins.yaml:5: symbols.BTC.stop_loss_percent: is 8.5, above risk.max_stop_pct 8: every entry would be refused",
        "coins.yaml:9: symbols.SOL.stop_loss_percent: must be at least 0.05, is 0.01: every entry would be refused",
      ])
    let off = try Folder(
      settings: "risk:\n  max_stop_pct: 1\nengines: {liquidation: {enabled: false}}\n")
    #expect(off.problems().isEmpty)
    let lowered = try Folder(settings: "risk:\n  max_stop_pct: 1\n")
    #expect(
      lowered.problems() == [
        "coins.yaml: defaults.stop_loss_percent: is 3, above risk.max_stop_pct 1: every entry would be refused"
      ])
  }

  @Test
  func `an address that is none is told with everything else, and where orders may go`() throws {
    let folder = try Folder(
      settings: """
        venue:
          name: paper
          endpoints:
            bybit_rest: api.bybit.com
            bybit_ws: https://stream.bybit.com
        chat:
          base_url: "http://a b"
        risk:
          max_positions: many
        """)
    #expect(
      folder.problems() == [
        "settings.yaml:2: venue.name: must be one of bybit, binance, is 'paper'; paper trading is `mode: paper`",
        "settings.yaml:4: venue.endpoints.bybit_rest: is not a URL: it must begin with http://, https://, ws:// or wss://",
        "settings.yaml:5: venue.endpoints.bybit_ws: must begin with ws:// or wss://",
        "settings.yaml:7: chat.base_url: is not a URL: a blank, a fragment or a character that must be percent-encoded",
        "settings.yaml:9: risk.max_positions: must be a whole number, is 'many'",
      ])
  }

  @Test
  func `the section margin says how it is reduced, and tiers have levels of their own`() throws {
    let levels = try Folder(
      settings:
        "margin:\n  reduce_pct: 25\n  cooldown_s: 30\n  max_auto_reduce: 3\n  hysteresis_pct: 4\n"
    ).load().risk
    #expect(levels.margin.reduceShare == .percent(25) && levels.limits.marginCut == .percent(25))
    #expect(levels.margin.cooldown == .seconds(30) && levels.margin.maxReductions == 3)
    #expect(levels.margin.hysteresis == .percent(4))
    let tiers = try Folder(settings: "margin:\n  mode: tiers\n").load().risk
    #expect(tiers.margin.mode == .tiers)
    #expect(tiers.limits.marginWarn == .percent(60) && tiers.limits.marginBlock == .percent(70))
    #expect(tiers.limits.marginCut == .percent(25) && tiers.marginEntryLimit == .percent(70))
    let mixed = try Folder(settings: "risk:\n  margin_warn_pct: 70\nmargin:\n  mode: tiers\n")
    #expect(
      mixed.problems() == [
        "settings.yaml:2: risk.margin_warn_pct: has no place beside `margin.mode: tiers`, whose levels are fixed"
      ])
  }

  @Test
  func `files for other programs may lie where the old bots' readers look`() throws {
    let usual = try Folder(settings: "state:\n  folder: here\n").load().stateFilePaths
    #expect(usual.pnlLog == "here/pnl_log.csv" && usual.snapshots == "here/snapshots")
    let moved = try Folder(
      settings: """
        state:
          folder: here
          daily_pnl: /old/state/daily_pnl.json
          pnl_log: /old/pnl_log.csv
          snapshots: /old/logs/snapshots
          trading_disabled_flag: /old/trading_disabled.flag
          panic_lock: /old/state/panic.lock
        """
    ).load().stateFilePaths
    #expect(moved.dailyPnL == "/old/state/daily_pnl.json")
    #expect(moved.pnlLog == "/old/pnl_log.csv" && moved.snapshots == "/old/logs/snapshots")
    #expect(moved.tradingDisabledFlag == "/old/trading_disabled.flag")
    #expect(moved.panicLock == "/old/state/panic.lock")
    let same = try Folder(settings: "state:\n  daily_pnl: x\n  panic_lock: x\n").problems()
    #expect(same == ["settings.yaml:3: state.panic_lock: x is daily_pnl already"])
  }

  @Test
  func `the Python bots' name of the day stop is understood`() throws {
    let folder = try Folder(settings: "risk:\n  daily_max_dd_pct: 4\n")
    #expect(try folder.load().risk.limits.dayStop == .percent(-4))
    let both = try Folder(settings: "risk:\n  daily_stop_pct: -5\n  daily_max_dd_pct: 4\n")
    #expect(both.problems().count == 1)
  }

  @Test(arguments: [
    #"["BTC", "btcusdt", "SOL/USDT"]"#, #"{"symbols": ["BTCUSDT", "SOLUSDT"]}"#,
  ])
  func `an allowlist is a list of symbols in any spelling`(text: String) throws {
    #expect(try Folder(allowlist: text).load().allowlist == ["BTCUSDT", "SOLUSDT"])
  }

  // MARK: Exits

  @Test
  func `exits are read as people write them, for all symbols and for one`() throws {
    let folder = try Folder(
      coins: """
        defaults:
          stop: 2atr
          target: 3r
          partial_targets: [1r 50%, 2% 25%]
          break_even_after: 0.5r
          trailing_after: 1.5%
          trailing_callback: 1atr
          time_stop_minutes: 90
          time_stop_spares_profit: true
          exit_price: mark
          atr_length: 10
          atr_interval: 5m
        symbols:
          BTC:
            stop_loss_percent: 1
            target: off
            partial_targets: []
            break_even_after: off
            trailing_after: off
            time_stop_minutes: 0
        """)
    let settings = try #require(try folder.load().liquidation)
    #expect(
      settings.defaults.exits
        == ExitPlan(
          stop: .ranges("2"), target: .risks("3"),
          partials: [PartialTarget(.risks("1"), "0.5"), PartialTarget(.share("0.02"), "0.25")],
          breakEven: BreakEven(after: .risks("0.5")),
          trailing: TrailingStop(after: .share("0.015"), callback: .ranges("1")),
          timeLimit: TimeLimit(after: .minutes(90), sparesProfit: true), trigger: .mark,
          range: RangeSettings(length: 10, interval: .fiveMinutes)))
    #expect(
      settings.parameters(for: "BTCUSDT").exits
        == ExitPlan(
          stop: .share("0.01"), target: nil, trigger: .mark,
          range: RangeSettings(length: 10, interval: .fiveMinutes)))
  }

  @Test
  func `slips in exits are told with what would be right`() throws {
    let folder = try Folder(
      coins: """
        defaults:
          stop: 2x
          stop_loss_percent: 3
          partial_targets: [50%, 1r 80%, 2r 30%]
          trailing_after: 1%
        """)
    #expect(
      folder.problems() == [
        "coins.yaml:2: defaults.stop: says the same as stop_loss_percent: keep one of them",
        "coins.yaml:2: defaults.stop: must be a distance such as 2.5%, 2atr, 1r or `at 64000`, "
          + "is '2x'",
        "coins.yaml:4: defaults.partial_targets: '50%': write where and how much, as `1.5% 30%` "
          + "or `1r 50%`",
        "coins.yaml:5: defaults.trailing_after: needs trailing_callback, as 1% or 2atr",
        "coins.yaml: defaults.partial_targets: must be at most 100% of the size together, "
          + "is 110%",
      ])
  }

  @Test(
    arguments: [
      #"[{"BTC": 0.002, "ADA": 8}]"#, #"{"BTC": 0.002, "ADAUSDT": "8"}"#,
      #"{"BTC": {"min_qty": 0.002, "stepSize": 0.1, "tickSize": 1}, "ADA": {"min_qty": 8}}"#,
    ])
  func `ordersize is taken in each of its shapes`(text: String) throws {
    #expect(
      try Folder(sizes: text).load().minimumSizes == ["BTCUSDT": "0.002", "ADAUSDT": "8"])
  }

  @Test
  func `an ordersize that is none is told`() throws {
    #expect(
      try Folder(sizes: #"{"BTC": "much", "A B": 1}"#).problems().map { $0.prefix(40) } == [
        "ordersize.json:1: BTC: must be a number ", "ordersize.json:1: A B: is no symbol; BTC",
      ])
  }
}

struct SecretsTests {
  @Test
  func `the environment wins over the file, quotes and comments are understood`() throws {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "quarterdeck-env-\(ProcessInfo.processInfo.globallyUniqueString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "# token\nexport TELEGRAM_BOT_TOKEN=\"1:abc\"\nBYBIT_API_KEY=file\nBYBIT_API_SECRET=\n"
      .write(toFile: path, atomically: true, encoding: .utf8)
    let secrets = try Secrets(environment: ["BYBIT_API_KEY": "shell"], envFile: path)
    #expect(secrets["TELEGRAM_BOT_TOKEN"] == "1:abc")
    #expect(secrets["BYBIT_API_KEY"] == "shell")
    #expect(secrets["BYBIT_API_SECRET"] == nil)
    #expect(secrets.warnings.count == 1)
  }

  @Test
  func `an env file that is there must be readable, one that is not need not be there`() throws {
    // A folder in its place, which not even root reads as text.
    let folder = FileManager.default.temporaryDirectory.path
    let problem = #expect(throws: SettingsProblem.self) {
      try Secrets(environment: [:], envFile: folder)
    }
    #expect(problem?.place == folder)
    #expect(try Secrets(environment: [:], envFile: "/nowhere/.env")["BYBIT_API_KEY"] == nil)
    #expect(try Secrets(environment: [:], envFile: "/dev/null")["BYBIT_API_KEY"] == nil)
  }

  @Test
  func `a file named by _FILE must be readable`() {
    #expect(
      throws: SettingsProblem(
        place: "TELEGRAM_BOT_TOKEN_FILE", text: "can't read the file /nowhere/token")
    ) {
      try Secrets(
        environment: ["TELEGRAM_BOT_TOKEN_FILE": "/nowhere/token"], envFile: "/nowhere/.env")
    }
  }
}
