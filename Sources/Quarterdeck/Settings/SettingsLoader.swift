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

  let folder: String
  let environment: [String: String]

  /// - Throws: `Failure`.
  func load() throws -> Settings {
    let overrides = EnvironmentOverrides(environment)
    let problems = SettingsReader.ProblemList()
    var settings = Settings()
    let main = reader(of: "settings.yaml", overrides, problems)
    settings.read(main)
    main.finish()

    let coins = reader(of: "coins.yaml", overrides, problems)
    let parameters = CoinParameters(reading: coins)
    coins.finish()
    settings.liquidation?.defaults = parameters.defaults
    settings.liquidation?.symbols = parameters.symbols

    settings.allowlist = allowlist(problems)
    let file = path("settings.yaml")
    for text in settings.risk.problems { problems.add(file, "risk.\(text)") }
    for text in settings.liquidation?.problems ?? [] {
      problems.add(path("coins.yaml"), text)
    }
    for name in overrides.unused {
      let near = Spelling.nearest(to: name, among: overrides.known)
      problems.add(name, "no such setting" + (near.map { ", did you mean \($0)?" } ?? ""))
    }
    guard problems.all.isEmpty else { throw Failure(problems: problems.all) }
    return settings
  }

  private func path(_ name: String) -> String { "\(folder)/\(name)" }

  private func reader(
    of name: String, _ overrides: EnvironmentOverrides, _ problems: SettingsReader.ProblemList
  ) -> SettingsReader {
    let file = path(name)
    var text = ""
    do {
      text = try String(contentsOfFile: file, encoding: .utf8)
    } catch {
      problems.add(file, "can't be read; copy the example from the project's config folder")
    }
    return SettingsReader(file: file, text: text, environment: overrides, problems: problems)
  }

  /// `["BTCUSDT", …]` or `{"symbols": […]}`; both spellings of a symbol count as one.
  private func allowlist(_ problems: SettingsReader.ProblemList) -> [Symbol] {
    let file = path("allowlist.json")
    guard var text = try? String(contentsOfFile: file, encoding: .utf8) else { return [] }
    let isBareList = text.first { !$0.isWhitespace } == "["
    if isBareList { text = "{\"symbols\": \(text)}" }
    let list = SettingsReader(
      file: file, text: text, environment: EnvironmentOverrides([:]), problems: problems)
    let symbols = list.symbols("symbols")
    list.finish()
    return Set(symbols).sorted()
  }
}
