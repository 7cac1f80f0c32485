import Foundation

/// Holds the state folder for this process, and for the account it belongs to: two programs on one
/// folder would both trade, and the day's baseline of one account says nothing of another.
///
/// The lock is the operating system's: it ends with the process, however that ends.
final class StateFolder: Sendable {
  private struct Holder: Codable {
    /// `paper bybit mainnet`, as the settings had it.
    var account: String
    var process: Int32
  }

  private let descriptor: Int32

  /// - Parameter account: Mode, venue and environment, and whose key.
  /// - Throws: `SettingsProblem` when another process holds it, or it belongs to another account.
  init(path: String, account: String) throws(SettingsProblem) {
    let file = "\(path)/quarterdeck.lock"
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw SettingsProblem(place: "state.folder", text: "\(path) can't be made: \(error)")
    }
    descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw SettingsProblem(
        place: "state.folder", text: "\(file) can't be opened: \(String(cString: strerror(errno)))")
    }
    let before = Self.holder(in: file)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      let who = before.map { "process \($0.process)" } ?? "another process"
      throw SettingsProblem(
        place: "state.folder",
        text: "\(path) is in use by \(who): stop that one, or give this one a folder of its own")
    }
    if let before, before.account != account {
      close(descriptor)
      throw SettingsProblem(
        place: "state.folder",
        text: "\(path) belongs to '\(before.account)', the settings say '\(account)': give each a "
          + "folder of its own, because the baseline, trades and locks of one account must not be "
          + "applied to another")
    }
    write(Holder(account: account, process: getpid()), to: file)
  }

  deinit { close(descriptor) }

  private static func holder(in file: String) -> Holder? {
    guard let data = FileManager.default.contents(atPath: file), !data.isEmpty else { return nil }
    do { return try JSONDecoder().decode(Holder.self, from: data) } catch { return nil }
  }

  /// In place: the lock hangs on this very file. What can't be written only costs the next one a
  /// clear word.
  private func write(_ holder: Holder, to file: String) {
    do {
      let data = try JSONEncoder().encode(holder)
      let bytes = [UInt8](data)
      _ = ftruncate(descriptor, 0)
      _ = pwrite(descriptor, bytes, bytes.count, 0)
    } catch {
      return
    }
  }
}
