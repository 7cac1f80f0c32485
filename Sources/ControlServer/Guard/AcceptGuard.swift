import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Hangs up on everyone who is not on the list before a byte of theirs is read.
struct AcceptGuard: ServerChildChannel {
  typealias Value = HTTP1Channel.Value

  let channel: HTTP1Channel
  let allowed: Set<PeerAddress>
  let onRefusal: @Sendable (String) -> Void

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let isAllowed = PeerAddress(channel.remoteAddress).map(allowed.contains) ?? false
    let ready = self.channel.setup(channel: channel, logger: logger)
    guard !isAllowed else { return ready }
    onRefusal(channel.remoteAddress?.ipAddress ?? "unknown address")
    // Set up all the same: a set-up that fails is an error of the listening socket, which ends it.
    channel.close(promise: nil)
    return ready
  }

  func handle(value: Value, logger: Logger) async {
    await channel.handle(value: value, logger: logger)
  }
}
