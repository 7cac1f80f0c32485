import Synchronization

/// Lets clients in to the streams of a service, or refuses the upgrade when that is to go wrong: a fault
/// of the network at the endpoint `connect`.
final class StreamDoor: Sendable {
  static let endpoint = "connect"

  private let service: String
  private let faults: FaultPlan
  private let transcript: Transcript
  /// Faults that struck and are not answered yet.
  private let struck = Mutex<[Fault]>([])

  init(service: String, faults: FaultPlan, transcript: Transcript) {
    self.service = service
    self.faults = faults
    self.transcript = transcript
  }

  /// Whether the upgrade is granted. If not, `refusal` is the answer.
  func admits(_ request: ServerRequest) -> Bool {
    guard let fault = faults.strike(service: service, endpoint: Self.endpoint) else { return true }
    transcript.note("! \(Self.endpoint) \(request.path) \(fault.name)", service: service)
    struck.withLock { $0.append(fault) }
    return false
  }

  /// The answer to a request that is no upgrade, or whose upgrade was refused.
  func refusal(_ standard: ServerResponse) -> ServerResponse {
    let fault = struck.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    guard let fault else { return standard }
    return NetworkFault(fault)?.shape(standard) ?? .text("Service Unavailable", status: 503)
  }
}
