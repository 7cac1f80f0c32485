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

  private init(_ values: [String: Value]) { self.values = values }

  static var none: SettingsOverrides { SettingsOverrides([:]) }

  convenience init(environment: [String: String]) {
    let prefix = "QUARTERDECK_"
    var values: [String: Value] = [:]
    for (name, text) in environment where name.hasPrefix(prefix) {
      values[String(name.dropFirst(prefix.count))] = Value(text: text, place: name)
    }
    self.init(values)
  }

  /// `KEY=VALUE` texts; a key without a dot is one of the coin parameters.
  /// - Throws: `SettingsProblem` for a text without `=`.
  convenience init(assignments: [String]) throws {
    var values: [String: Value] = [:]
    for text in assignments {
      guard let equals = text.firstIndex(of: "=") else {
        throw SettingsProblem(place: "--set \(text)", text: "must be KEY=VALUE")
      }
      let key = text[..<equals]
      let path = key.contains(".") ? key.split(separator: ".") : ["defaults", key]
      values[Self.name(of: path.map(String.init))] = Value(
        text: String(text[text.index(after: equals)...]), place: "--set \(key)")
    }
    self.init(values)
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

  private static func name(of path: [String]) -> String {
    path.joined(separator: "__").uppercased()
  }
}
