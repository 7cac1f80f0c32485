import Foundation

extension Fixtures {
  /// The unpacked bytes of a gzip file; nil where there are no fixtures. Unpacked by the system's
  /// `gzip`, so that targets without a compression library can read recordings in their tests.
  public static func unpacked(_ path: String) throws -> [UInt8]? {
    guard let root else { return nil }
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-dc", root.appending(path: path).path]
    let output = Pipe()
    gzip.standardOutput = output
    try gzip.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    gzip.waitUntilExit()
    guard gzip.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
    return [UInt8](bytes)
  }
}
