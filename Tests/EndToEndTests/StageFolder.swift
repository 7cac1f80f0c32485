import Foundation

/// A folder of its own with settings, secrets and state, as an operator has it.
struct StageFolder: Sendable {
  let url: URL
  /// Where the bot's control server listens.
  let controlPort: Int

  init() throws {
    controlPort = try Self.freePort()
    url = FileManager.default.temporaryDirectory
      .appending(path: "quarterdeck-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url.appending(path: "config"), withIntermediateDirectories: true)
    try write("coins.yaml", Self.coins)
    try write("allowlist.json", #"["BTCUSDT"]"#)
    // A real bot on this machine may have the usual one.
    try write("panic.yaml", "http:\n  port: \(controlPort)\n")
  }

  /// The program's arguments for `run` in this folder.
  var run: [String] { arguments("run") }

  /// The program's arguments for one of its commands in this folder.
  func arguments(_ command: String) -> [String] {
    [command, "--config", "config", "--env", ".env"]
  }

  /// Settings and secrets of a bot that trades live behind these doors.
  func settle(_ doors: Doors) throws {
    try write("settings.yaml", Self.settings(doors))
    try writeSecrets(doors.secrets)
  }

  /// - Parameter name: A file of the settings.
  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: url.appending(path: "config/\(name)"))
  }

  func writeSecrets(_ secrets: [String: String]) throws {
    let file = url.appending(path: ".env")
    let lines = secrets.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
    try Data(lines.joined().utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
  }

  /// What the program left in its state folder.
  func stateFiles() throws -> [(name: String, bytes: Data)] {
    let state = url.appending(path: "state")
    guard FileManager.default.fileExists(atPath: state.path) else { return [] }
    return try FileManager.default.subpathsOfDirectory(atPath: state.path).sorted().compactMap {
      name in
      FileManager.default.contents(atPath: state.appending(path: name).path).map { (name, $0) }
    }
  }

  /// One that the system has just given and taken back.
  private static func freePort() throws -> Int {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw POSIXError(.EMFILE) }
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, length) == 0 && getsockname(socket, address, &length) == 0
      }
    }
    guard result else { throw POSIXError(.EADDRINUSE) }
    return Int(in_port_t(bigEndian: address.sin_port))
  }

  func remove() throws { try FileManager.default.removeItem(at: url) }

  static func settings(_ doors: Doors) -> String {
    """
    mode: live
    venue:
      name: bybit
      environment: loopback
      endpoints:
        bybit_rest: \(doors.bybitREST)
        bybit_ws: \(doors.bybitStreams)
        binance_rest: \(doors.binanceREST)
        binance_ws: \(doors.binanceStreams)
    chat:
      kind: telegram
      base_url: \(doors.telegram)
    state:
      folder: state
    engines:
      liquidation:
        enabled: true
        source: binance

    """
  }

  private static let coins = """
    defaults:
      leverage: 5
      take_profit_percent: 5
      stop_loss_percent: 5
      order_size_percent_balance: 2
      long_vwap_offset: 0.1
      short_vwap_offset: 0.1
      lick_value: 1

    """
}
