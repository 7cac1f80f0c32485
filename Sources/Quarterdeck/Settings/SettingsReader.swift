import TradingModel
import Yams

/// Something wrong with the settings: where, and what would be right.
struct SettingsProblem: Error, Hashable, CustomStringConvertible {
  /// `config/settings.yaml:12`, or the name of an environment variable.
  var place: String
  var text: String
  var description: String { "\(place): \(text)" }
}

/// Reads one mapping of a YAML (or JSON) file key by key and collects everything that is wrong, so
/// that the operator mends the file once. A key that nobody asked for is an error, too.
final class SettingsReader {
  let file: String
  private let path: [String]
  private let fields: [(key: String, line: Int, node: Node)]
  private let overrides: SettingsOverrides
  private let problems: ProblemList
  private var asked: Set<String> = []

  /// Everything wrong so far, shared by all readers of one start.
  final class ProblemList {
    private(set) var all: [SettingsProblem] = []
    /// Where each value stands that was asked for, by its whole key: for what shows only when
    /// everything was read.
    private var places: [String: String] = [:]

    func note(_ key: String, at place: String) { places[key] = place }
    func place(of key: String) -> String? { places[key] }

    func add(_ place: String, _ text: String) {
      all.append(SettingsProblem(place: place, text: text))
    }
  }

  private init(
    file: String, path: [String], mapping: Node.Mapping?, overrides: SettingsOverrides,
    problems: ProblemList
  ) {
    self.file = file
    self.path = path
    self.overrides = overrides
    self.problems = problems
    let pairs = Array(mapping ?? [:])
    fields = pairs.compactMap { key, value in
      let name = key.scalar?.string ?? "?"
      guard SettingsText.repeatedName(of: name) == nil else { return nil }
      return (name, key.mark?.line ?? 0, value)
    }
    for earlier in pairs.map(\.key) {
      guard let name = earlier.scalar.flatMap({ SettingsText.repeatedName(of: $0.string) }) else {
        continue
      }
      let kept = pairs.map(\.key).first { $0.scalar?.string == name }?.mark
      problems.add(
        "\(file):\(kept?.line ?? 0):\(kept?.column ?? 0)",
        "\(shown(name)): stands in line \(earlier.mark?.line ?? 0) already: keep one")
    }
  }

  /// Reads a whole file. Text that is no YAML is one problem, and an empty mapping goes on.
  ///
  /// - Parameters:
  ///   - root: What its keys stand under in complaints and in the environment.
  ///   - listKey: What a file that is a bare list counts as; nil where it must not be one.
  ///   - unwrapsList: A list of one mapping counts as that mapping, as the Python bots wrote it.
  convenience init(
    file: String, text: String, root: [String] = [], listKey: String? = nil,
    unwrapsList: Bool = false, overrides: SettingsOverrides, problems: ProblemList
  ) {
    let node = SettingsText(file: file, text: text, problems: problems).node
    var mapping = node?.mapping
    if unwrapsList, let sequence = node?.sequence, sequence.count == 1 {
      mapping = sequence.first?.mapping
    }
    if let listKey, let node, node.sequence != nil {
      mapping = Node.Mapping([(.scalar(Node.Scalar(listKey, .implicit, .any, node.mark)), node)])
    }
    if let node, mapping == nil, node.null == nil {
      problems.add("\(file):1", "must be a list of `key: value` lines")
    }
    self.init(
      file: file, path: root, mapping: mapping, overrides: overrides, problems: problems)
  }

  /// The mapping under `key`; empty when it is not there.
  func section(_ key: String) -> SettingsReader {
    asked.insert(key)
    let node = field(key)?.node
    if let node, node.mapping == nil, node.null == nil {
      complain(key, "must hold further keys, indented")
    }
    return SettingsReader(
      file: file, path: path + [key], mapping: node?.mapping, overrides: overrides,
      problems: problems)
  }

  /// Further keys stand under `key`.
  func isMapping(_ key: String) -> Bool { field(key)?.node.mapping != nil }

  /// Names of the keys present: for sections whose keys are free, such as symbols.
  var keys: [String] { fields.map(\.key) }

  /// Whether the file or the environment says something for `key`.
  func has(_ key: String) -> Bool { field(key) != nil || overrides.has(path + [key]) }

  /// A list of mappings under `key`, or of the whole file when it is a list.
  func list(_ key: String) -> [String] {
    asked.insert(key)
    guard let node = field(key)?.node else { return [] }
    guard let sequence = node.sequence else {
      complain(key, "must be a list")
      return []
    }
    return sequence.compactMap { $0.scalar?.string }
  }

  /// The text of a scalar and where it stands.
  func scalar(_ key: String) -> (text: String, place: String)? {
    asked.insert(key)
    if let override = overrides.value(for: path + [key]) {
      problems.note(shown(key), at: override.place)
      return override
    }
    guard let field = field(key), field.node.null == nil || field.node.scalar?.string != "" else {
      return nil
    }
    guard let text = field.node.scalar?.string else {
      complain(key, "must be a single value")
      return nil
    }
    problems.note(shown(key), at: "\(file):\(field.line)")
    return (text, "\(file):\(field.line)")
  }

  func complain(_ key: String, _ text: String) {
    let line = field(key)?.line
    problems.add(line.map { "\(file):\($0)" } ?? file, "\(shown(key)): \(text)")
  }

  func complain(at place: String, _ key: String, _ text: String) {
    problems.add(place, "\(shown(key)): \(text)")
  }

  /// Names every key that was not asked for, with the nearest that exists.
  func finish() {
    for field in fields where !asked.contains(field.key) {
      let near = Spelling.nearest(to: field.key, among: asked.sorted())
      let hint =
        near.map { ", did you mean `\($0)`?" } ?? ", known here: "
        + asked.sorted().joined(separator: ", ")
      problems.add("\(file):\(field.line)", "\(shown(field.key)): unknown key\(hint)")
    }
  }

  private func field(_ key: String) -> (key: String, line: Int, node: Node)? {
    fields.first { $0.key == key }
  }

  private func shown(_ key: String) -> String { (path + [key]).joined(separator: ".") }
}
