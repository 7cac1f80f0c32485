/// Settings that come from the environment: `QUARTERDECK_RISK__DAILY_STOP_PCT=-4` stands for
/// `risk.daily_stop_pct: -4` and wins over the file.
final class EnvironmentOverrides {
  static let prefix = "QUARTERDECK_"
  private let values: [String: String]
  private var used: Set<String> = []

  init(_ environment: [String: String]) {
    values = environment.filter { $0.key.hasPrefix(Self.prefix) }
  }

  func peek(_ path: [String]) -> String? { values[Self.name(of: path)] }

  func value(for path: [String]) -> (text: String, name: String)? {
    let name = Self.name(of: path)
    used.insert(name)
    return values[name].map { ($0, name) }
  }

  /// Variables with our prefix that no setting asked for, sorted.
  var unused: [String] { values.keys.filter { !used.contains($0) }.sorted() }

  /// The names that settings asked for, sorted.
  var known: [String] { used.sorted() }

  private static func name(of path: [String]) -> String {
    prefix + path.joined(separator: "__").uppercased()
  }
}
