import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

/// What the server makes of marked text, and the words in which it refuses.
struct HTMLTests {
  private func send(_ html: String) async throws -> JSONValue {
    let bench = try await Bench.withAna()
    return await bench.call(
      "sendMessage",
      ["chat_id": .integer(Bench.ana), "text": .string(html), "parse_mode": "HTML"])
  }

  @Test(arguments: [
    ("<b>a</b>", "a", "0+1 bold"),
    ("<strong>a</strong><em>b</em>", "ab", "0+1 bold, 1+1 italic"),
    ("<b>a<i>b</i></b>", "ab", "0+2 bold, 1+1 italic"),
    ("<u>a</u><ins>b</ins>", "ab", "0+1 underline, 1+1 underline"),
    (
      "<s>a</s><strike>b</strike><del>c</del>", "abc",
      "0+1 strikethrough, 1+1 strikethrough, 2+1 strikethrough"
    ),
    (
      "<tg-spoiler>a</tg-spoiler><span class=\"tg-spoiler\">b</span>", "ab",
      "0+1 spoiler, 1+1 spoiler"
    ),
    (
      "<a href=\"https://x.org/?a=1&amp;b=2\">l</a>", "l",
      "0+1 text_link url=https://x.org/?a=1&b=2"
    ),
    ("<pre>a\nb</pre>", "a\nb", "0+3 pre"),
    ("<pre><code class=\"language-swift\">let</code></pre>", "let", "0+3 pre language=swift"),
    ("<code class=\"language-swift\">let</code>", "let", "0+3 code"),
    ("<blockquote>a</blockquote>", "a", "0+1 blockquote"),
    ("<blockquote expandable>a</blockquote>", "a", "0+1 expandable_blockquote"),
    (
      "<tg-emoji emoji-id=\"5368324170671202286\">👍</tg-emoji>", "👍",
      "0+2 custom_emoji custom_emoji_id=5368324170671202286"
    ),
    (
      "<tg-time unix=\"1647531900\" format=\"wDT\">now</tg-time>", "now",
      "0+3 date_time unix_time=1647531900 date_time_format=wDT"
    ),
    ("&lt;b&gt; &amp;amp; &quot;&#65;&#x42; &nbsp;", "<b> &amp; \"AB &nbsp;", ""),
    ("🟢 <B>x</B >", "🟢 x", "3+1 bold"),
    ("  \n<b> a </b> \n", "a", "0+1 bold"),
    ("<b></b>x", "x", ""),
    ("2 > 1", "2 > 1", ""),
    ("<code>/close</code> /status", "/close /status", "0+6 code, 7+7 bot_command"),
  ])
  func `marked text is understood`(html: String, text: String, marks: String) async throws {
    let answer = try await send(html)
    let entities = try answer.at("result")["entities"].map { try $0.array() } ?? []
    let found = try entities.map { entity in
      let more = try entity.object().fields
        .filter { !["offset", "length", "type"].contains($0.key) }
        .map { " \($0.key)=\($0.value.stringValue ?? $0.value.text)" }
      return "\(try entity.integer("offset"))+\(try entity.integer("length")) "
        + "\(try entity.string("type"))\(more.joined())"
    }
    #expect(try answer.string("result", "text") == text)
    #expect(found.joined(separator: ", ") == marks)
  }

  @Test(arguments: [
    ("<x>a</x>", "Unsupported start tag \"x\" at byte offset 0"),
    ("🟢<h1>a</h1>", "Unsupported start tag \"h1\" at byte offset 4"),
    ("a < b", "Unsupported start tag \"\" at byte offset 2"),
    ("a <", "Unclosed start tag at byte offset 2"),
    ("a <b", "Unclosed start tag at byte offset 2"),
    ("a <b>c", "Can't find end tag corresponding to start tag \"b\""),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    (
      "<b><i>a</b></i>",
      "Unmatched end tag at byte offset 7, expected \"</i>\", found \"</b>\""
    ),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ("<span>a</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"),
    ("<a href=>a</a>x<a =1>", "Empty attribute name in the tag \"a\" at byte offset 15"),
    ("<a href=a/b>x</a>", "Unexpected end of name token at byte offset 8"),
    ("<a href=\"x", "Unclosed start tag at byte offset 0"),
    ("<tg-emoji>a</tg-emoji>", "Invalid custom emoji identifier specified"),
    ("<tg-time unix=\"1\" format=\"q\">a</tg-time>", "Invalid date-time format specified"),
  ])
  func `marks that make no sense are refused in the server's words`(
    html: String, reason: String
  ) async throws {
    let answer = try await send(html)
    #expect(answer["error_code"] == 400)
    #expect(
      answer["description"]?.stringValue == "Bad Request: can't parse entities: \(reason)")
  }

  @Test func `without parse mode marks are text, and modes that are not spoken are refused`()
    async throws
  {
    let bench = try await Bench.withAna()
    let plain = try await bench.result("sendMessage", ["chat_id": 42, "text": "<b>a & b"])
    #expect(plain["text"] == "<b>a & b")
    #expect(
      await bench.refusal("sendMessage", ["chat_id": 42, "text": "a", "parse_mode": "TeX"])
        == "Bad Request: unsupported parse_mode")
  }
}
