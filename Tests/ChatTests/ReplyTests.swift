import Chat
import Foundation
import Testing

struct ReplyTests {
  @Test
  func `a reply survives being stored`() throws {
    let reply = Reply(
      [
        .line(Line([.plain("a < b & "), .bold("c"), .time(1_795_176_000, fallback: "12:00 UTC")])),
        .table(["IM   36.4%", "Expo 1.82x"]), .gap,
      ],
      buttons: [[Button("Close ‼", data: "c:abc:1", style: .danger)]], isSilent: true)
    let stored = try JSONEncoder().encode(reply)
    #expect(try JSONDecoder().decode(Reply.self, from: stored) == reply)
    #expect(reply.plainText == "a < b & c12:00 UTC\nIM   36.4%\nExpo 1.82x\n")
  }

  @Test
  func `a stage is an end or goes on`() {
    let ends = CommandStage.allCases.filter(\.isEnd)
    #expect(ends == [.reported, .refused, .expired, .failed, .notDone, .unknown])
  }
}
