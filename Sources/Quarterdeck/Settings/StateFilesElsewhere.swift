import Journal

/// Paths of files for other programs that the settings name; nil is the usual one.
struct StateFilesElsewhere: Sendable, Hashable {
  private var paths: [String?] = Array(repeating: nil, count: Self.keys.count)

  /// By the key that the settings have for each, in the section `state`.
  private static let keys:
    [(name: String, path: WritableKeyPath<StateFilePaths, String> & Sendable)] =
      [
        ("daily_pnl", \.dailyPnL), ("pnl_log", \.pnlLog), ("snapshots", \.snapshots),
        ("trading_disabled_flag", \.tradingDisabledFlag), ("panic_lock", \.panicLock),
      ]

  init() {}

  init(reading section: SettingsReader) {
    paths = Self.keys.map { section.scalar($0.name)?.text }
  }

  func paths(in folder: String) -> StateFilePaths {
    var all = StateFilePaths(directory: folder)
    for (key, path) in zip(Self.keys, paths) {
      if let path { all[keyPath: key.path] = path }
    }
    return all
  }

  /// Two that name the same file.
  var problems: [String] {
    let named = zip(Self.keys, paths).compactMap { key, path in path.map { (key.name, $0) } }
    return named.indices.flatMap { first in
      named[(first + 1)...].filter { $0.1 == named[first].1 }.map {
        "\($0.0): \($0.1) is \(named[first].0) already"
      }
    }
  }
}
