import Foundation
import TestSupport
import Transport

/// Bybit's recorded payloads, each with where it comes from.
struct Recorded {
  let file: String
  let json: JSONValue

  /// Everything that is JSON under a folder; a file may hold several payloads.
  static func all(under folder: String) throws -> [Recorded] {
    guard let root = Fixtures.root else { return [] }
    var found: [Recorded] = []
    for kind in ["json", "jsonl", "txt", "zip"] {
      for file in Fixtures.files(under: folder, extension: kind) {
        let name = String(file.path.dropFirst(root.path.count + 1))
        for text in texts(in: try Fixtures.bytes(of: file), kind, name) {
          found.append(Recorded(file: name, json: try JSONValue(parsing: text)))
        }
      }
    }
    return found.sorted { $0.file < $1.file }
  }

  /// Requests of the documentation are no payloads of the venue's.
  private static func texts(in bytes: [UInt8], _ kind: String, _ name: String) -> [String] {
    let text = String(decoding: bytes, as: UTF8.self)
    switch kind {
    case "json": return [text]
    case "jsonl", "zip":
      // The archive holds its lines as they are.
      return text.split(whereSeparator: \.isNewline).compactMap { line in
        guard let start = line.firstIndex(of: "{"), let end = line.lastIndex(of: "}") else {
          return nil
        }
        return String(line[start...end])
      }
    default:
      if name.hasSuffix(".http.txt") { return [] }
      if text.hasPrefix("GET") || text.hasPrefix("POST") {
        return [text.split(separator: "\n").dropFirst(3).joined(separator: "\n")]
      }
      // A dialog: lines of the server, then what it pushes.
      let parts = text.components(separatedBy: "\n=")
      let lines = parts[0].split(separator: "\n").filter { $0.hasPrefix("<") }
        .map { String($0.dropFirst()) }
      return lines + parts.dropFirst()
    }
  }

  /// The path of a REST recording that names it in its second line.
  static func path(of file: String) throws -> String? {
    guard let bytes = try Fixtures.bytes(file) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return lines.count > 2 && lines[1].hasPrefix("/v5") ? String(lines[1]) : nil
  }
}
