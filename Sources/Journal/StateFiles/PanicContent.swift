import Foundation
import TradingModel

/// What stands in `panic.lock`: written by one of our programs, by an older bot, or not readable at
/// all, in which case it locks all the same.
struct PanicContent {
  /// Nil when the file does not name its writer.
  let writer: String?
  let file: PanicFile

  init(_ data: Data, modifiedAt: Timestamp) {
    let written = try? JSONDecoder().decode(Written.self, from: data)
    writer = written?.writtenBy
    let reason = Self.oneLine(written?.why ?? "")
    let isFlat = written?.lastReport?.success ?? false
    file = PanicFile(
      reason: reason,
      startedAt: written?.when.flatMap(Timestamp.init(iso8601:)) ?? modifiedAt,
      isFlat: isFlat, isOurs: writer?.hasPrefix(FlagContent.ourName) ?? false,
      takesLongterm: !isFlat && written?.includesLongterm ?? false)
  }

  private struct Written: Decodable {
    var why: String?
    var when: String?
    var writtenBy: String?
    var includesLongterm: Bool?
    var lastReport: Report?

    struct Report: Decodable { var success: Bool? }

    enum CodingKeys: String, CodingKey {
      case why, when
      case writtenBy = "written_by"
      case includesLongterm = "include_longterm"
      case lastReport = "last_report"
    }
  }

  private static func oneLine(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return String(line.prefix(200))
  }
}
