import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing
import TradingModel
import Transport

@Suite(.timeLimit(.minutes(1)))
struct ReconnectingWebSocketTests {
  final class Quiet: WebSocketHandler {
    func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool { true }
  }

  let clock = ManualClock()
  let events: AsyncStream<ReconnectingWebSocket.Event>
  let told: AsyncStream<ReconnectingWebSocket.Event>.Continuation

  init() { (events, told) = AsyncStream.makeStream() }

  private func stream(
    by chance: any RandomSource = SeededRandom(seed: 5),
    to address: @escaping @Sendable () async throws(WebSocketError) -> RequestURL
  ) -> ReconnectingWebSocket {
    ReconnectingWebSocket(
      connector: WebSocketConnector(chance: chance),
      loop: MultiThreadedEventLoopGroup.singleton.next(), clock: clock, chance: chance,
      address: address, observe: { [told] in told.yield($0) },
      makeHandler: { socket in
        try? socket.send("subscribe")
        return Quiet()
      })
  }

  /// The wait that the next loss announces, once it has begun.
  private func loss(
    _ events: inout AsyncStream<ReconnectingWebSocket.Event>.Iterator
  ) async -> (WebSocketError, Duration)? {
    guard case .lost(let error, let delay)? = await events.next() else { return nil }
    while clock.sleeperCount == 0, !Task.isCancelled { await Task.yield() }
    return (error, delay)
  }

  @Test
  func
    `after a loss it waits, connects and subscribes again; after a healthy minute it waits little`()
    async throws
  {
    let server = try await WebSocketServer(answer: { peer, frame in
      if frame.text == "subscribe", peer.number < 6 { peer.drop() }
      if frame.text == "end" { peer.drop() }
      if frame.opcode == .connectionClose { peer.send(closeCode: 1001, "") }
    })
    let url = try RequestURL("ws://127.0.0.1:\(server.port)")
    let running = Task { await stream { () throws(WebSocketError) in url }.run() }
    var events = events.makeAsyncIterator()
    for attempt in 0..<6 {
      #expect(await events.next() == .opened)
      let (error, delay) = try #require(await loss(&events))
      #expect(error == .closed(code: nil, reason: ""))
      let ceiling = min(30.0, 0.5 * Double(2 << attempt))
      #expect(delay >= .milliseconds(500) && delay <= .seconds(ceiling))
      clock.advance(by: delay)
    }
    #expect(await events.next() == .opened)
    running.cancel()
    await running.value
    var peers: [Int] = []
    for await frame in server.frames where frame.text == "subscribe" {
      peers.append(frame.peer)
      if peers.count == 7 { break }
    }
    #expect(peers == Array(0...6))
  }

  @Test(arguments: [(59, 2), (60, 1)])
  func `a minute of health makes the back-off start anew, less does not`(
    seconds: Int64, ceilingSeconds: Int64
  ) async throws {
    let drop = Latch()
    let server = try await WebSocketServer(answer: { peer, _ in
      Task {
        if peer.number > 0 { await drop.wait() }
        peer.drop()
      }
    })
    let url = try RequestURL("ws://127.0.0.1:\(server.port)")
    // Always the longest wait.
    let stream = stream(by: BackoffTests.Fixed(value: .max)) { () throws(WebSocketError) in url }
    let running = Task { await stream.run() }
    var events = events.makeAsyncIterator()
    #expect(await events.next() == .opened)
    let (_, first) = try #require(await loss(&events))
    #expect(first == .seconds(1))
    clock.advance(by: first)
    #expect(await events.next() == .opened)
    clock.advance(by: .seconds(seconds))
    drop.open()
    let (_, second) = try #require(await loss(&events))
    #expect(second == .seconds(ceilingSeconds))
    running.cancel()
    await running.value
  }

  @Test
  func `an address that cannot be had is a loss like any other`() async throws {
    let running = Task {
      await stream { () throws(WebSocketError) in throw .connect("no listen key") }.run()
    }
    var events = events.makeAsyncIterator()
    #expect(try #require(await loss(&events)).0 == .connect("no listen key"))
    running.cancel()
    await running.value
  }
}
