import NIOCore
import NIOWebSocket

/// The last handler of an open connection: gives messages to the reader, answers pings and close
/// frames, and watches for signs of life. Time is the event loop's own: these are deadlines of the
/// network, none of them decides anything about trading.
final class WebSocketChannelHandler: ChannelDuplexHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  /// The wish to close, sent down the pipeline.
  struct Close: Sendable {
    var code: UInt16
  }

  private let socket: WebSocket
  private let options: WebSocketOptions
  private let makeHandler: @Sendable (WebSocket) -> any WebSocketHandler
  private var handler: (any WebSocketHandler)?
  /// Why it ends, once that is known. What comes later is a consequence.
  private var reason: WebSocketError?
  private var lastFrameAt = NIODeadline.uptimeNanoseconds(0)
  private var lastMessageAt = NIODeadline.uptimeNanoseconds(0)
  private var badMessages: [NIODeadline] = []
  private var timers: [Timer: Scheduled<Void>] = [:]

  private enum Timer { case heartbeat, answer, silence, close }

  init(
    socket: WebSocket, options: WebSocketOptions,
    makeHandler: @escaping @Sendable (WebSocket) -> any WebSocketHandler
  ) {
    self.socket = socket
    self.options = options
    self.makeHandler = makeHandler
  }

  func handlerAdded(context: ChannelHandlerContext) {
    lastFrameAt = context.eventLoop.now
    lastMessageAt = lastFrameAt
    handler = makeHandler(socket)
    if let heartbeat = options.heartbeat { scheduleHeartbeat(heartbeat, context) }
    if let limit = options.silenceLimit { scheduleSilenceCheck(limit, context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { over() }

  func channelInactive(context: ChannelHandlerContext) {
    over()
    context.fireChannelInactive()
  }

  private func over() {
    for timer in timers.values { timer.cancel() }
    timers = [:]
    handler = nil
    socket.hasEnded(reason ?? .closed(code: nil, reason: ""))
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard reason == nil else {
      // Closing: only the other side's close frame still counts.
      if frame.opcode == .connectionClose { context.close(promise: nil) }
      return
    }
    lastFrameAt = context.eventLoop.now
    guard frame.maskKey == nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
      return fail(.protocolViolation("a masked frame or reserved bits"), code: 1002, context)
    }
    switch frame.opcode {
    case .text: deliver(frame.data, .text, context)
    case .binary: deliver(frame.data, .binary, context)
    case .ping:
      context.writeAndFlush(wrapOutboundOut(socket.frame(.pong, frame.data)), promise: nil)
    case .pong: break
    case .connectionClose: answerClose(frame.data, context)
    default: fail(.protocolViolation("frame type \(frame.opcode)"), code: 1002, context)
    }
  }

  private func deliver(
    _ data: ByteBuffer, _ kind: WebSocketMessageKind, _ context: ChannelHandlerContext
  ) {
    lastMessageAt = lastFrameAt
    let isGood = data.withUnsafeReadableBytes { handler?.received($0, kind: kind) } ?? true
    guard !isGood else { return }
    badMessages.append(lastFrameAt)
    badMessages.removeAll { lastFrameAt - $0 > .minutes(1) }
    if badMessages.count >= options.maxBadMessagesPerMinute {
      fail(.badMessages(badMessages.count), code: 1007, context)
    }
  }

  private func answerClose(_ data: ByteBuffer, _ context: ChannelHandlerContext) {
    var data = data
    let answer = data
    guard data.readableBytes != 1 else {
      return fail(.protocolViolation("a close frame of one byte"), code: 1002, context)
    }
    let code = data.readInteger(as: UInt16.self).map(Int.init)
    reason = .closed(code: code, reason: String(buffer: data))
    let written = context.eventLoop.makePromise(of: Void.self)
    let context = context.loopBound
    written.futureResult.whenComplete { _ in context.value.close(promise: nil) }
    let frame = socket.frame(.connectionClose, answer)
    context.value.writeAndFlush(wrapOutboundOut(frame), promise: written)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case NIOWebSocketError.invalidFrameLength,
      NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
      fail(.messageTooLarge(limitBytes: options.maxMessageBytes), code: 1009, context)
    case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error:
      fail(.protocolViolation("\(error)"), code: 1002, context)
    default:
      reason = reason ?? .closed(code: nil, reason: "\(error)")
      context.close(promise: nil)
    }
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard let close = event as? Close else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    fail(.closed(code: Int(close.code), reason: ""), code: close.code, context)
    promise?.succeed()
  }

  /// Says goodbye with a close frame, then waits for the other side's, but not for long.
  private func fail(_ error: WebSocketError, code: UInt16, _ context: ChannelHandlerContext) {
    guard reason == nil else { return }
    reason = error
    let data = context.channel.allocator.buffer(integer: code)
    context.writeAndFlush(wrapOutboundOut(socket.frame(.connectionClose, data)), promise: nil)
    start(.close, options.closeTimeout, context) { _, context in context.close(promise: nil) }
  }
}

// The signs of life.
extension WebSocketChannelHandler {
  private func scheduleHeartbeat(
    _ heartbeat: WebSocketOptions.Heartbeat, _ context: ChannelHandlerContext
  ) {
    start(.heartbeat, heartbeat.interval, context) { handler, context in
      guard handler.reason == nil else { return }
      handler.send(heartbeat, context)
      handler.scheduleHeartbeat(heartbeat, context)
    }
  }

  private func send(_ heartbeat: WebSocketOptions.Heartbeat, _ context: ChannelHandlerContext) {
    let data = context.channel.allocator.buffer(string: heartbeat.message ?? "")
    let frame = socket.frame(heartbeat.message == nil ? .ping : .text, data)
    context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    // One question at a time: the answer to an earlier heartbeat may still be due.
    guard timers[.answer] == nil else { return }
    let sentAt = context.eventLoop.now
    start(.answer, heartbeat.deadline, context) { handler, context in
      guard handler.lastFrameAt < sentAt else { return }
      handler.fail(.unanswered(within: heartbeat.deadline), code: 1001, context)
    }
  }

  private func scheduleSilenceCheck(_ limit: Duration, _ context: ChannelHandlerContext) {
    let quiet = context.eventLoop.now - lastMessageAt
    let left = TimeAmount(limit) - quiet
    guard left > .zero else { return fail(.silent(for: limit), code: 1001, context) }
    start(.silence, Duration(left), context) { handler, context in
      handler.scheduleSilenceCheck(limit, context)
    }
  }

  /// Starts a timer, in place of an earlier one of that kind.
  private func start(
    _ timer: Timer, _ delay: Duration, _ context: ChannelHandlerContext,
    _ action: @escaping (WebSocketChannelHandler, ChannelHandlerContext) -> Void
  ) {
    timers[timer]?.cancel()
    let bound = NIOLoopBound((self, context, action), eventLoop: context.eventLoop)
    timers[timer] = context.eventLoop.scheduleTask(in: TimeAmount(delay)) {
      let (handler, context, action) = bound.value
      handler.timers[timer] = nil
      action(handler, context)
    }
  }
}
