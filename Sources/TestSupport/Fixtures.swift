import Foundation

/// Real payloads and recordings that lie beside the package. They are not part of it: where they are
/// absent, tests that want them print one line and pass.
public enum Fixtures {
  /// The folder, or nil where there is none.
  public static let root: URL? = {
    var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
      if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
        break
      }
      folder.deleteLastPathComponent()
    }
    let fixtures = folder.appending(path: "../shared/fixtures").standardizedFileURL
    if FileManager.default.fileExists(atPath: fixtures.path) { return fixtures }
    print("no fixtures at \(fixtures.path): the tests that read them pass unseen")
    return nil
  }()

  /// Every file of that extension, sorted by path; none where there are no fixtures.
  public static func files(under folder: String = "", extension wanted: String) -> [URL] {
    guard let start = root?.appending(path: folder),
      let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
    else { return [] }
    return walk.compactMap { $0 as? URL }.filter { $0.pathExtension == wanted }
      .sorted { $0.path < $1.path }
  }

  /// The bytes of a file that was listed.
  public static func bytes(of file: URL) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: file))
  }

  /// The bytes of one file; nil where there are no fixtures.
  public static func bytes(_ path: String) throws -> [UInt8]? {
    guard let root else { return nil }
    return [UInt8](try Data(contentsOf: root.appending(path: path)))
  }
}
