import TradingModel

/// Single settings given beside the files, which win over them: from the environment, where
/// `QUARTERDECK_RISK__DAILY_STOP_PCT=-4` stands for `risk.daily_stop_pct: -4`, or from `--set`.
final class SettingsOverrides {
  private struct Value {
    let text: String
    /// How the person wrote it, for complaints.
    let place: String
  }

  /// By path in capitals: `RISK__DAILY_STOP_PCT`.
  private let values: [String: Value]
  private var asked: Set<String> = []
  /// What could not be read at all.
  let slips: [SettingsProblem]

  private init(_ values: [String: Value], slips: [SettingsProblem] = []) {
    self.values = values
    self.slips = slips
  }

  static var none: SettingsOverrides { SettingsOverrides([:]) }

  convenience init(environment: [String: String]) {
    let prefix = "QUARTERDECK_"
    var values: [String: Value] = [:]
    for (name, text) in environment where name.hasPrefix(prefix) {
      values[String(name.dropFirst(prefix.count))] = Value(text: text, place: name)
    }
    self.init(values)
  }

  /// Options of the command line.
  ///
  /// - Parameters:
  ///   - assignments: The `KEY=VALUE` texts of `--set`; a key without a dot is one of the coin
  ///     parameters.
  ///   - options: Options that stand for a setting, with the value that was given.
  convenience init(
    assignments: [String], options: [(name: String, key: String, value: String?)] = []
  ) {
    var values: [String: Value] = [:]
    var slips: [SettingsProblem] = []
    for text in assignments {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        slips.append(SettingsProblem(place: "--set \(text)", text: "must be KEY=VALUE"))
        continue
      }
      let key = String(text[..<equals])
      values[Self.name(ofKey: key)] = Value(
        text: String(text[text.index(after: equals)...]), place: "--set \(key)")
    }
    for option in options {
      guard let text = option.value else { continue }
      values[Self.name(ofKey: option.key)] = Value(text: text, place: option.name)
    }
    self.init(values, slips: slips)
  }

  func has(_ path: [String]) -> Bool { values[Self.name(of: path)] != nil }

  func value(for path: [String]) -> (text: String, place: String)? {
    let name = Self.name(of: path)
    asked.insert(name)
    return values[name].map { ($0.text, $0.place) }
  }

  /// Complaints about what no setting asked for, with the nearest that exists.
  var unknown: [(place: String, nearest: String?)] {
    values.keys.filter { !asked.contains($0) }.sorted().compactMap { name in
      values[name].map { value in
        let near = Spelling.nearest(to: name, among: asked.sorted())
        return (value.place, near.map { $0.lowercased().replacing("__", with: ".") })
      }
    }
  }

  private static func name(ofKey key: String) -> String {
    name(of: key.contains(".") ? key.split(separator: ".").map(String.init) : ["defaults", key])
  }

  private static func name(of path: [String]) -> String {
    path.joined(separator: "__").uppercased()
  }
}
