import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// One connection to the server, as any program on the machine could make it: bytes out, bytes in.
final class Caller: Sendable {
  private let channel: any Channel
  private let ear: Ear

  private init(_ channel: any Channel, _ ear: Ear) {
    self.channel = channel
    self.ear = ear
  }

  /// - Parameter address: Where the caller calls from.
  static func connect(to port: Int, from address: String = "127.0.0.1") async throws -> Caller {
    let ear = Ear()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(to: try SocketAddress(ipAddress: address, port: 0))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Listening(ear))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return Caller(channel, ear)
  }

  /// What came back for one request on a connection of its own.
  static func ask(_ port: Int, _ request: String, from address: String = "127.0.0.1") async throws
    -> Answer
  {
    let caller = try await connect(to: port, from: address)
    try await caller.send(request)
    let answer = await caller.answer()
    await caller.hangUp()
    return answer
  }

  /// A connection that the server has closed takes nothing more, which is no failure here.
  func send(_ text: String) async throws {
    do {
      try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    } catch {
      return
    }
  }

  /// The next whole answer, or what there was when the server hung up.
  func answer() async -> Answer { await ear.next() }

  /// Returns when the server has hung up.
  func waitForEnd() async { await ear.waitForEnd() }

  func hangUp() async {
    do { try await channel.close() } catch { return }
  }
}

/// An HTTP answer; status 0 is none.
struct Answer: Sendable, Hashable {
  var status = 0
  var headers = ""
  var body = ""
}

/// What came in so far. One waits at a time, until there is more or its task is cancelled.
private final class Ear: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var isAtEnd = false

    /// A head, and as many bytes as it promises.
    mutating func takeAnswer() -> Answer? {
      let text = String(decoding: bytes, as: UTF8.self)
      guard let end = text.range(of: "\r\n\r\n") else { return nil }
      let head = String(text[..<end.lowerBound])
      let length =
        head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
      let rest = Array(text[end.upperBound...].utf8)
      guard rest.count >= length else { return nil }
      let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      bytes = Array(rest.dropFirst(length))
      return Answer(
        status: status, headers: head.lowercased(),
        body: String(decoding: rest.prefix(length), as: UTF8.self))
    }
  }

  private let state = Mutex(State())
  private let wakes: AsyncStream<Void>
  private let waker: AsyncStream<Void>.Continuation

  init() { (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  func hear(_ bytes: [UInt8], isAtEnd: Bool = false) {
    state.withLock { state in
      state.bytes += bytes
      state.isAtEnd = state.isAtEnd || isAtEnd
    }
    waker.yield()
  }

  func next() async -> Answer {
    await first { state in state.takeAnswer() ?? (state.isAtEnd ? Answer() : nil) } ?? Answer()
  }

  func waitForEnd() async { _ = await first { $0.isAtEnd ? true : nil } }

  private func first<Value: Sendable>(
    _ look: @Sendable (inout State) -> Value?
  ) async -> Value? {
    if let value = state.withLock({ look(&$0) }) { return value }
    for await _ in wakes {
      if let value = state.withLock({ look(&$0) }) { return value }
    }
    return nil
  }
}

private final class Listening: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let ear: Ear

  init(_ ear: Ear) { self.ear = ear }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    ear.hear(Array(unwrapInboundIn(data).readableBytesView))
  }

  func channelInactive(context: ChannelHandlerContext) { ear.hear([], isAtEnd: true) }
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
