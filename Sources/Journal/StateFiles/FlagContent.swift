import Foundation
import TradingModel

/// What stands in `trading_disabled.flag`: the bot's own words, or anything else.
struct FlagContent: Hashable {
  static let ourName = "quarterdeck"

  /// The bot wrote it. An empty file, a `1` or any other text was put there by hand.
  let isOurs: Bool
  /// In one line; empty when the file gives none.
  let reason: String
  private let since: Timestamp?
  private let until: Timestamp?
  private let isFlat: Bool?

  init(_ data: Data) {
    let written = try? JSONDecoder().decode(Written.self, from: data)
    isOurs = written?.writtenBy == Self.ourName
    reason = written?.reason ?? Self.firstLine(of: data)
    since = written?.time.flatMap(Timestamp.init(iso8601:))
    until = written?.until.flatMap(Timestamp.init(iso8601:))
    isFlat = written?.flat
  }

  /// The day lock that the bot wrote down; nil when a hand did, or when it has ended. Without a
  /// readable end it lasts for the day; where the file does not say whether all was closed, nothing
  /// is closed because of it.
  func dayLock(modifiedAt: Timestamp, at now: Timestamp) -> Lock? {
    let until = until ?? now.day.next.start
    guard isOurs, now < until else { return nil }
    return Lock(
      kind: .day, reason: reason, since: since ?? modifiedAt, until: until,
      isFlat: isFlat ?? true)
  }

  private struct Written: Decodable {
    var reason: String?
    var time: String?
    var until: String?
    var flat: Bool?
    var writtenBy: String?

    enum CodingKeys: String, CodingKey {
      case reason, time, until, flat
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
