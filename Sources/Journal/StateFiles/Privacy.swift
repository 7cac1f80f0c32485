import Foundation

/// Only the user that the bot runs as may look into what it writes.
enum Privacy {
  static let file: mode_t = 0o600
  static let folder = 0o700

  /// Makes the folder, and those above it, where they are missing. One that is there stays as it
  /// is: it may hold more than ours.
  static func makeFolder(_ path: String) throws {
    let files = FileManager.default
    guard !path.isEmpty, !files.fileExists(atPath: path) else { return }
    try files.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: folder])
  }

  /// Takes the file from all others. One that is not ours to change stays as it is: opening it tells
  /// the rest.
  static func tighten(_ path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_mode & 0o077 != 0
    else { return }
    _ = chmod(path, facts.st_mode & 0o700)
  }

  /// Makes an empty file where there is none, so that whoever writes it later finds it private.
  static func reserve(_ path: String) {
    let handle = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file)
    if handle >= 0 { _ = close(handle) }
  }
}
