/// What stands behind a loopback server: it answers requests and, if it likes, holds sockets.
public protocol LoopbackService: Sendable {
  /// The name that faults and transcripts know it by: `telegram`, `bybit`, `binance`.
  var name: String { get }

  /// Faults of its own, besides those of the network.
  var faultNames: [String] { get }

  /// What faults can strike.
  var faultTargets: FaultTargets { get }

  /// Answers one request. Cancelled when the client leaves or the server stops.
  func handle(_ request: ServerRequest) async -> ServerResponse

  /// Whether a request to upgrade is granted; if not, `handle` answers it.
  func acceptsSocket(_ request: ServerRequest) async -> Bool

  /// Serves a socket until it returns, which closes it. Cancelled when the client leaves.
  func serve(_ socket: ServerSocket, for request: ServerRequest) async
}

extension LoopbackService {
  public var faultNames: [String] { [] }
  public var faultTargets: FaultTargets { .some([]) }
  public func acceptsSocket(_ request: ServerRequest) async -> Bool { false }
  public func serve(_ socket: ServerSocket, for request: ServerRequest) async {}
}
