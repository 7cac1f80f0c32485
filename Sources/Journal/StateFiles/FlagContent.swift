import Foundation

/// What stands in `trading_disabled.flag`: the bot's own words, or anything else.
struct FlagContent: Hashable {
  static let ourName = "quarterdeck"

  /// The bot wrote it. An empty file, a `1` or any other text was put there by hand.
  let isOurs: Bool
  /// In one line; empty when the file gives none.
  let reason: String

  init(_ data: Data) {
    let written = try? JSONDecoder().decode(Written.self, from: data)
    isOurs = written?.writtenBy == Self.ourName
    reason = written?.reason ?? Self.firstLine(of: data)
  }

  private struct Written: Decodable {
    var reason: String?
    var writtenBy: String?

    enum CodingKeys: String, CodingKey {
      case reason
      case writtenBy = "written_by"
    }
  }

  /// At most 200 characters; the older bots' bare `1` says nothing.
  private static func firstLine(of data: Data) -> String {
    let text = String(decoding: data.prefix(1000), as: UTF8.self)
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let words = line.trimmingCharacters(in: .whitespacesAndNewlines.union(.controlCharacters))
    return words == "1" ? "" : String(words.prefix(200))
  }
}
