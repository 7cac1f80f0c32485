import Foundation
import Risk
import Strategies
import TradingModel

/// Reads the folder of settings. Whatever is wrong in any file is told at once.
struct SettingsLoader {
  /// All that is wrong, to be printed line by line; the exit code is 2.
  struct Failure: Error {
    let problems: [SettingsProblem]
  }

  /// Nil stands for the defaults alone.
  let folder: String?
  let overrides: SettingsOverrides

  /// - Throws: `Failure`.
  func load() throws -> Settings {
    let problems = SettingsReader.ProblemList()
    var settings = Settings()
    let main = reader(of: "settings.yaml", problems)
    settings.read(main)
    main.finish()

    let coins = reader(of: "coins.yaml", problems)
    let parameters = CoinParameters(reading: coins)
    coins.finish()
    settings.liquidation?.defaults = parameters.defaults
    settings.liquidation?.symbols = parameters.symbols

    let panic = reader(of: "panic.yaml", root: ["panic"], isNeeded: false, problems)
    settings.readPanic(panic)
    panic.finish()

    settings.allowlist = allowlist(problems)
    settings.minimumSizes = minimumSizes(problems)
    for (file, text) in SettingsWhole(settings, coins: parameters.names, problems).problems {
      let key = String(text.prefix { $0 != ":" })
      problems.add(problems.place(of: key) ?? path(file), text)
    }
    for slip in overrides.slips { problems.add(slip.place, slip.text) }
    for (place, nearest) in overrides.unknown {
      problems.add(place, "no such setting" + (nearest.map { ", did you mean \($0)?" } ?? ""))
    }
    guard problems.all.isEmpty else { throw Failure(problems: problems.all) }
    return settings
  }

  private func path(_ name: String) -> String { folder.map { "\($0)/\(name)" } ?? name }

  /// - Parameter isNeeded: Whether a folder without this file is wrong.
  private func reader(
    of name: String, root: [String] = [], isNeeded: Bool = true,
    _ problems: SettingsReader.ProblemList
  ) -> SettingsReader {
    var text = ""
    if folder != nil, isNeeded || FileManager.default.fileExists(atPath: path(name)) {
      do {
        text = try String(contentsOfFile: path(name), encoding: .utf8)
      } catch {
        problems.add(path(name), "can't be read; the project's config folder has an example")
      }
    }
    return SettingsReader(
      file: path(name), text: text, root: root, overrides: overrides, problems: problems)
  }

  /// `{"BTC": 0.002, "ADA": {"min_qty": 20}}`, or a list of one such mapping.
  private func minimumSizes(_ problems: SettingsReader.ProblemList) -> [Symbol: Quantity] {
    let file = path("ordersize.json")
    guard folder != nil, let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      return [:]
    }
    let sizes = SettingsReader(
      file: file, text: text, unwrapsList: true, overrides: .none, problems: problems)
    return MinimumSizes(reading: sizes).sizes
  }

  /// `["BTCUSDT", …]` or `{"symbols": […]}`; both spellings of a symbol count as one.
  private func allowlist(_ problems: SettingsReader.ProblemList) -> [Symbol] {
    let file = path("allowlist.json")
    guard folder != nil, let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      return []
    }
    let list = SettingsReader(
      file: file, text: text, listKey: "symbols", overrides: .none, problems: problems)
    let symbols = list.symbols("symbols")
    list.finish()
    return Set(symbols).sorted()
  }
}
