import ControlServer
import Foundation
import Transport

/// Secrets come from the environment, from `.env`, or from files named by `NAME_FILE`; never from
/// the settings. They are handed on and never printed.
struct Secrets {
  private let values: [String: String]
  let warnings: [String]

  /// - Parameters:
  ///   - environment: The process environment; it wins over the file.
  ///   - envFile: Path of a file of `NAME=value` lines; it need not be there.
  /// - Throws: `SettingsProblem` for a line that is none, or a file that is there and can't be read.
  init(environment: [String: String], envFile: String) throws {
    var values = try Self.lines(of: envFile)
    var warnings: [String] = []
    if !values.isEmpty, Self.isReadableByOthers(envFile) {
      warnings.append("\(envFile): other users can read it; `chmod 600 \(envFile)`")
    }
    values.merge(environment) { _, fromEnvironment in fromEnvironment }
    for (name, path) in values where name.hasSuffix("_FILE") && Self.isSecret(name.dropLast(5)) {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw SettingsProblem(place: name, text: "can't read the file \(path)")
      }
      values[String(name.dropLast(5))] = text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    self.values = values
    self.warnings = warnings
  }

  /// What the loopback servers accept.
  init(token: String, key: String, secret: String) {
    values = [
      "TELEGRAM_BOT_TOKEN": token, "BYBIT_API_KEY": key, "BYBIT_API_SECRET": secret,
      "BINANCE_API_KEY": key, "BINANCE_API_SECRET": secret,
    ]
    warnings = []
  }

  subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// The way to the outside, the environment filling in what the settings leave open.
  /// - Throws: `SettingsProblem` for what the environment says and is wrong.
  func filling(_ network: NetworkSettings) throws(SettingsProblem) -> NetworkSettings {
    let filled = network.filled(from: values)
    if let problem = filled.problems.first {
      throw SettingsProblem(place: "HTTPS_PROXY or ALL_PROXY", text: problem)
    }
    return filled
  }

  /// The control server's token, from the environment unless the settings hold one.
  /// - Throws: `SettingsLoader.Failure` for what must not be without one, or with that one.
  func filling(_ control: ControlSettings) throws -> ControlSettings {
    var control = control
    if let token = self["PANIC_TOKEN"] { control.token = ControlToken(token) }
    guard control.isOn else { return control }
    let problems = control.problems().map {
      SettingsProblem(
        place: $0.key == "token" ? "PANIC_TOKEN" : "panic.http.\($0.key)", text: $0.text)
    }
    guard problems.isEmpty else { throw SettingsLoader.Failure(problems: problems) }
    return control
  }

  private static func isSecret(_ name: some StringProtocol) -> Bool {
    name.hasSuffix("TOKEN") || name.hasSuffix("KEY") || name.hasSuffix("SECRET")
  }

  private static func lines(of path: String) throws -> [String: String] {
    guard FileManager.default.fileExists(atPath: path) else { return [:] }
    let text: String
    do {
      // A handle: /dev/null is an empty file to it, too.
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      guard let read = String(bytes: try file.readToEnd() ?? Data(), encoding: .utf8) else {
        throw CocoaError(.fileReadInapplicableStringEncoding)
      }
      text = read
    } catch {
      throw SettingsProblem(
        place: path, text: "is there, and can't be read as text: mend its rights, or what is in it")
    }
    var values: [String: String] = [:]
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      var line = raw.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("export ") { line = String(line.dropFirst(7)) }
      guard let equals = line.firstIndex(of: "=") else {
        throw SettingsProblem(place: "\(path):\(index + 1)", text: "must be NAME=value")
      }
      var value = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
      if value.count >= 2, let quote = value.first, quote == "\"" || quote == "'",
        value.last == quote
      {
        value = String(value.dropFirst().dropLast())
      }
      values[line[..<equals].trimmingCharacters(in: .whitespaces)] = value
    }
    return values
  }

  private static func isReadableByOthers(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0o600
    return mode & 0o077 != 0
  }
}
