import Risk
import Strategies
import TradingModel

/// What is wrong with settings that are each in their range: what shows only when all of them are
/// read.
struct SettingsWhole {
  private typealias Problem = (file: String, text: String)

  private let settings: Settings
  /// Symbols as `coins.yaml` spells them.
  private let names: [Symbol: String]
  private let places: SettingsReader.ProblemList

  init(_ settings: Settings, coins names: [Symbol: String], _ places: SettingsReader.ProblemList) {
    self.settings = settings
    self.names = names
    self.places = places
  }

  /// Each text begins with the whole key.
  var problems: [(file: String, text: String)] {
    (settings.network.problems + risk + files).map { ("settings.yaml", $0) } + engine + stops
  }

  private var risk: [String] {
    settings.risk.problems.map { $0.hasPrefix("margin.") ? $0 : "risk.\($0)" }
  }

  private var files: [String] { settings.stateFilesElsewhere.problems.map { "state.\($0)" } }

  /// The engine names keys of two files, and a symbol by its name on the venue.
  private var engine: [Problem] {
    (settings.liquidation?.problems ?? []).compactMap { text in
      let key = String(text.prefix { $0 != ":" })
      if places.place(of: "engines.liquidation.\(key)") != nil {
        return ("settings.yaml", "engines.liquidation.\(text)")
      }
      for (symbol, name) in names where key.hasPrefix("\(symbol).") {
        let own = "symbols.\(name)" + text.dropFirst(symbol.name.count)
        // What a symbol has from the defaults is told of those.
        let isOwn = places.place(of: String(own.prefix { $0 != ":" })) != nil
        return isOwn ? ("coins.yaml", own) : nil
      }
      return ("coins.yaml", "defaults.\(text)")
    }
  }

  /// A stop that the gate would refuse, so that nothing was ever entered.
  private var stops: [Problem] {
    guard let liquidation = settings.liquidation else { return [] }
    let own = names.sorted { $0.value < $1.value }.compactMap { symbol, name in
      liquidation.symbols[symbol].map { ("symbols.\(name)", $0) }
    }
    return ([("defaults", liquidation.defaults)] + own).compactMap { section, parameters in
      let key = "\(section).stop_loss_percent"
      guard parameters.isEnabled, section == "defaults" || places.place(of: key) != nil,
        case .share(let stop) = parameters.exits.stop, let reason = reason(against: stop)
      else { return nil }
      return ("coins.yaml", "\(key): \(reason)")
    }
  }

  private func reason(against stop: Ratio) -> String? {
    let (near, far) = (settings.risk.minStopDistance, settings.risk.maxStopDistance)
    if stop > far, stop < .one {
      return "is \(stop.percentDescription), above risk.max_stop_pct \(far.percentDescription): "
        + "every entry would be refused"
    }
    if stop > .zero, stop < near {
      return "must be at least \(near.percentDescription), is \(stop.percentDescription): "
        + "every entry would be refused"
    }
    return nil
  }
}
