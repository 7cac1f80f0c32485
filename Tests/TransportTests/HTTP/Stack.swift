import NIOPosix
import TestSupport
import Transport

/// The two ways to send HTTP.
enum Stack: String, CaseIterable, Sendable {
  case curl, loop

  func client(
    _ network: NetworkSettings = NetworkSettings(), maxInFlight: Int = 64
  ) -> any StoppableClient {
    switch self {
    case .curl: CurlHTTPClient(network: network, maxInFlight: maxInFlight)
    case .loop:
      LoopHTTPClient(
        on: MultiThreadedEventLoopGroup.singleton.next(), chance: SeededRandom(seed: 3),
        network: network, limits: LoopHTTPClient.Limits(requests: maxInFlight))
    }
  }
}

protocol StoppableClient: HTTPClient {
  func shutdown() async
}

extension CurlHTTPClient: StoppableClient {}
extension LoopHTTPClient: StoppableClient {}
