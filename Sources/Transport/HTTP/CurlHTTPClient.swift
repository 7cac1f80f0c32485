import CCurl
import Synchronization

/// HTTP over libcurl: HTTP/2 where a server offers it, kept connections, TLS always verified, gzip.
///
/// Requests on `.shared` share one lane, each `.own` name has its own: a thread with its own pool of
/// connections. Redirects are answers like any other.
public final class CurlHTTPClient: HTTPClient {
  private struct State {
    var lanes: [HTTPConnection: CurlLane] = [:]
    var isShutDown = false
  }

  private let state = Mutex(State())
  private let maxInFlight: Int
  private let userAgent: String
  private let network: NetworkSettings
  private static let maxLanes = 16
  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// - Parameter maxInFlight: How many requests a lane has under way at most; more are refused.
  public init(
    network: NetworkSettings = NetworkSettings(), userAgent: String = "quarterdeck",
    maxInFlight: Int = 64
  ) {
    precondition(Self.isReady, "libcurl does not start")
    self.network = network
    self.userAgent = userAgent
    self.maxInFlight = maxInFlight
  }

  deinit {
    for lane in state.withLock({ $0.lanes }).values { lane.stop() }
  }

  /// Cancelling the task ends the transfer at once and closes its connection.
  nonisolated(nonsending)
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
  {
    let lane = try lane(for: request.connection)
    let transfer = CurlTransfer(request, network: network, userAgent: userAgent)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        lane.submit(transfer, continuation)
      }
    } onCancel: {
      lane.cancel(transfer)
    }
    return try result.get()
  }

  /// Ends every transfer with `HTTPError.cancelled`, closes all connections and ends the threads.
  /// Later requests are refused.
  public func shutdown() async {
    let lanes = state.withLock { state in
      state.isShutDown = true
      defer { state.lanes = [:] }
      return state.lanes
    }
    for lane in lanes.values { lane.stop() }
    for lane in lanes.values { await lane.stopped() }
  }

  private func lane(for connection: HTTPConnection) throws(HTTPError) -> CurlLane {
    let result: Result<CurlLane, HTTPError> = state.withLock { state in
      if state.isShutDown { return .failure(.cancelled(bodySent: false)) }
      if let lane = state.lanes[connection] { return .success(lane) }
      guard state.lanes.count < Self.maxLanes, let lane = CurlLane(maxInFlight: maxInFlight) else {
        return .failure(.busy(limit: Self.maxLanes))
      }
      state.lanes[connection] = lane
      return .success(lane)
    }
    return try result.get()
  }
}
