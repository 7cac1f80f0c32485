import Chat
import Testing

@testable import Telegram

struct SplitterTests {
  private let splitter = Splitter(limit: 20)

  private func texts(_ blocks: [Block]) -> [String] {
    splitter.split(Reply(blocks)).map(\.plainText)
  }

  @Test(arguments: [(17, 1), (18, 2)])
  func `what fits into one message is not cut`(second: Int, messages: Int) {
    // A line feed stands after each line.
    let blocks: [Block] = [
      .line(Line("a")), .line(Line(String(repeating: "b", count: second))),
    ]
    #expect(texts(blocks).count == messages)
  }

  @Test func `it is cut between lines first, then between words`() {
    #expect(
      texts([.line(Line("first line")), .line(Line("second line")), .line(Line("third"))])
        == ["first line", "second line\nthird"])
    #expect(
      texts([.line(Line("one two three four five six"))]) == ["one two three four", "five six"])
  }

  @Test func `marks survive a cut`() {
    let parts = splitter.split(
      Reply([.line(Line([.plain("Total "), .bold("one two three four five")]))]))
    let spans = parts.flatMap(\.blocks).map { block -> [Span] in
      if case .line(let line) = block { line.spans } else { [] }
    }
    #expect(spans.contains([.bold("one two three four")]))
    #expect(spans.contains([.bold("five")]))
  }

  @Test func `rows of a table stay whole, and stay rows`() {
    let rows = ["aaaa 1", "bbbb 2", "cccc 3", "dddd 4"]
    let parts = splitter.split(Reply([.table(rows)]))
    #expect(
      parts.map(\.blocks) == [[.table(["aaaa 1", "bbbb 2"])], [.table(["cccc 3", "dddd 4"])]])
  }

  @Test(arguments: ["🟩", "e\u{301}", "👩‍👩‍👧‍👦", "🇲🇩", "\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}"])
  func `no character is cut in two, and none is lost`(character: String) {
    let text = String(repeating: character, count: 50)
    let parts = texts([.line(Line(text))])
    #expect(parts.flatMap { Array($0) }.filter { $0 != "\n" } == Array(text))
    #expect(parts.allSatisfy { $0.unicodeScalars.count <= 20 })
    #expect(parts.flatMap { Array($0) }.allSatisfy { $0 == "\n" || String($0) == character })
  }

  @Test func `a character of more marks than a message holds is cut all the same`() {
    let text = "z" + String(repeating: "\u{301}", count: 100)
    let parts = texts([.line(Line(text))])
    #expect(parts.allSatisfy { $0.unicodeScalars.count <= 20 })
    #expect(
      parts.flatMap { Array($0.unicodeScalars) }.filter { $0 != "\n" } == Array(text.unicodeScalars)
    )
  }

  @Test func `buttons and silence go where they belong`() {
    let buttons = [[Button("OK", data: "ok")]]
    let parts = splitter.split(
      Reply(lines: ["first line here", "second line"], buttons: buttons, isSilent: true))
    #expect(parts.map(\.buttons) == [[], buttons])
    #expect(parts.map(\.isSilent) == [true, true])
  }

  @Test func `a text is shortened by code points`() {
    #expect("🇲🇩🇷🇴".shortened(to: 3).unicodeScalars.count == 3)
    #expect("short".shortened(to: 200) == "short")
  }
}
