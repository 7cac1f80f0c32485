import Loopback
import TestSupport
import Testing
import TradingModel
import Transport

struct UpdateQueueTests {
  /// Three updates wait: "1", "2", "3".
  private func threeWaiting() async throws -> (Bench, first: Int64) {
    let bench = try await Bench.withAna()
    for text in ["1", "2", "3"] { try await bench.telegram.say(text, from: Bench.ana) }
    return (bench, try await bench.updates()[0].integer("update_id"))
  }

  @Test(arguments: [(0, ["1", "2", "3"]), (1, ["2", "3"]), (3, [])] as [(Int64, [String])])
  func `an offset confirms what lies below it and nothing else`(
    above: Int64, left: [String]
  ) async throws {
    let (bench, first) = try await threeWaiting()
    #expect(try await bench.texts(offset: first + above) == left)
    #expect(try await bench.texts() == left)
  }

  @Test func `offset 0 reads from the head and confirms nothing`() async throws {
    let (bench, _) = try await threeWaiting()
    #expect(try await bench.texts(offset: 0, limit: 2) == ["1", "2"])
    #expect(try await bench.texts() == ["1", "2", "3"])
  }

  @Test(
    arguments: [(-1, ["3"]), (-3, ["1", "2", "3"]), (-4, ["1", "2", "3"])] as [(Int64, [String])])
  func `a negative offset forgets all but the last`(
    offset: Int64, left: [String]
  ) async throws {
    let (bench, _) = try await threeWaiting()
    #expect(try await bench.texts(offset: offset) == left)
    #expect(try await bench.texts() == left)
  }

  @Test func `an offset within 10 above the tail is believed and swallows what comes next`()
    async throws
  {
    let (bench, first) = try await threeWaiting()
    #expect(try await bench.texts(offset: first + 3 + 10) == [])
    try await bench.telegram.say("swallowed", from: Bench.ana)
    #expect(try await bench.texts(offset: first + 3 + 10) == [])
    #expect(try await bench.texts() == [])
  }

  @Test func `an offset farther off is taken for the head`() async throws {
    let (bench, first) = try await threeWaiting()
    #expect(try await bench.texts(offset: first + 3 + 11) == ["1", "2", "3"])
  }

  @Test(arguments: [(-5, 1), (0, 1), (2, 2), (1_000, 3)] as [(Int64, Int)])
  func `the limit is clamped to 1 through 100`(limit: Int64, count: Int) async throws {
    let (bench, _) = try await threeWaiting()
    #expect(try await bench.updates(limit: limit).count == count)
  }

  @Test func `a tap is kept 150 seconds, a message 24 hours`() async throws {
    let bench = try await Bench.withAna()
    let message = try await bench.write("?", ["reply_markup": Bench.keyboard([["Yes"]])])
    try await bench.telegram.say("hello", from: Bench.ana)
    try await bench.telegram.tap(.label("Yes"), on: message, by: Bench.ana)

    bench.clock.advance(by: .seconds(145))  // And 4 s with each look.
    #expect(try await bench.texts() == ["hello", "do:Yes"])
    #expect(try await bench.texts() == ["hello"])
    bench.clock.advance(by: .hours(24) - .seconds(158))
    #expect(try await bench.texts() == ["hello"])
    #expect(try await bench.texts() == [])
  }

  @Test func `ids begin above two million and go on without a gap, unless told to`() async throws {
    let (bench, first) = try await threeWaiting()
    await bench.telegram.meddle(.gap, by: 5)
    try await bench.telegram.say("4", from: Bench.ana)
    let ids = try await bench.updates().map { try $0.integer("update_id") }
    #expect(first > 2_000_000)
    #expect(ids == [first, first + 1, first + 2, first + 8])
  }

  @Test func `after a week of silence the next id is another`() async throws {
    let (bench, first) = try await threeWaiting()
    bench.clock.advance(by: .hours(24 * 7 + 1))
    try await bench.telegram.say("4", from: Bench.ana)
    let next = try await bench.updates()[0].integer("update_id")
    #expect(abs(next - first) > 100)
    #expect(next > 2_000_000)
  }

  @Test func `a reset loses what waits and starts lower`() async throws {
    let (bench, _) = try await threeWaiting()
    await bench.telegram.meddle(.reset, by: 17)
    try await bench.telegram.say("again", from: Bench.ana)
    #expect(try await bench.updates().map { try $0.integer("update_id") } == [17])
  }

  @Test func `a kind that was not asked for is not kept, and the choice is remembered`()
    async throws
  {
    let bench = try await Bench.withAna()
    let message = try await bench.telegram.say("x", from: Bench.ana)
    try await bench.telegram.react("👍", to: message, by: Bench.ana)
    #expect(try await bench.updates().count == 1)  // Reactions must be asked for by name.

    _ = await bench.call("getUpdates", ["allowed_updates": ["MESSAGE_reaction", "nonsense"]])
    try await bench.telegram.react("👎", to: message, by: Bench.ana)
    try await bench.telegram.say("y", from: Bench.ana)
    let kinds = try await bench.updates().map { try $0.object().keys.last }
    #expect(kinds == ["message", "message_reaction"])

    _ = await bench.call("getUpdates", ["allowed_updates": []])
    try await bench.telegram.say("z", from: Bench.ana)
    #expect(try await bench.updates().count == 3)
  }
}
