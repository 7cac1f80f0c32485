import Foundation
import TestSupport
import Testing
import TradingModel

@testable import Bybit

struct BybitCodeTests {
  /// Every single code of Bybit's own list that concerns what we call.
  static let listed = [
    -1, 10000, 10001, 10002, 10003, 10004, 10005, 10006, 10007, 10008, 10009, 10010, 10014, 10016,
    10017, 10018, 10019, 10024, 10027, 10028, 10029, 10403, 10404, 10429, 20001, 20003, 20006,
    33004, 34040, 110001, 110003, 110004, 110006, 110007, 110008, 110009, 110010, 110012, 110013,
    110014, 110015, 110016, 110017, 110020, 110021, 110024, 110025, 110026, 110028, 110029, 110030,
    110043, 110044, 110045, 110061, 110064, 110072, 110073, 110074, 110075, 110076, 110079, 110086,
    110090, 110092, 110093, 110094, 110118, 110120, 110121, 170130, 170131, 170132, 170133, 170134,
    170136, 170137, 170140, 170141, 170213, 3_400_045,
  ]

  @Test(arguments: listed)
  func `a listed code says what to do, and says it in a sentence`(code: Int) throws {
    let known = try #require(BybitCode.known(code))
    #expect(known.code == code)
    #expect(known.sentence.count > 15 && known.sentence.last != ".")
    #expect(BybitCode.documented.contains(code))
  }

  @Test(arguments: [170_999, 182_021])
  func `whole ranges that are not ours are known as such`(code: Int) {
    #expect(BybitCode.known(code)?.treatment == .rejected(.other))
  }

  @Test func `a code that nobody documents is a refusal in the venue's own words`() {
    #expect(BybitCode.known(999_999) == nil)
    let error = VenueError(
      bybitCode: 999_999, reason: "words", isChanging: true, limitResetsIn: .seconds(1))
    #expect(
      error == .rejected(Rejection(code: 999_999, reason: "words", meaning: .other)))
  }

  /// The reference lies beside the fixtures: section 10, first column, and the line on order entry.
  @Test func `every code of the reference's table is known`() throws {
    guard let root = Fixtures.root else { return }
    let file = root.deletingLastPathComponent().appending(path: "reference/bybit-v5.md")
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    let text = try String(contentsOf: file, encoding: .utf8)
    let section = try #require(
      text.components(separatedBy: "## 10. Error codes").last?
        .components(separatedBy: "\n## ").first)
    var codes: [Int] = []
    for line in section.split(separator: "\n") {
      if line.hasPrefix("| ") {
        let first = line.dropFirst(2).prefix { $0 != "|" }
        codes += first.split { ", ".contains($0) }.compactMap { Int($0) }
      } else if line.hasPrefix("WS order entry") {
        codes += line.split { !$0.isNumber }.compactMap { Int($0) }
      }
    }
    #expect(codes.count > 70)
    #expect(codes.filter { BybitCode.known($0) == nil } == [])
    #expect(Set(codes).subtracting(Self.listed) == [])
  }
}
