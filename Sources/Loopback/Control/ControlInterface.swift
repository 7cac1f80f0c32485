import Synchronization
import Transport

/// Steers the loopback servers, for tests and for people: JSON over HTTP under `/control/`.
///
/// It knows no service by itself: each adds its routes before the server runs.
public final class ControlInterface: LoopbackService {
  public let name = "control"
  private let routes = Mutex<[ControlRoute]>([])

  public init() {}

  public func add(_ added: [ControlRoute]) { routes.withLock { $0 += added } }

  public func handle(_ request: ServerRequest) async -> ServerResponse {
    let known = routes.withLock { $0 }
    let path = request.path.split(separator: "/").joined(separator: "/")
    guard path != "control" else { return Self.response(.json(Self.list(known))) }
    let fitting = known.filter { "control/\($0.path)" == path }
    guard let route = fitting.first(where: { $0.method == request.method }) else {
      let reason =
        fitting.isEmpty
        ? "no such route: GET /control lists them"
        : "use " + fitting.map(\.method).joined(separator: " or ")
      return Self.response(ControlError(reason, status: fitting.isEmpty ? 404 : 405))
    }
    do throws(ControlError) {
      return Self.response(try await route.answer(try ControlRequest(request)))
    } catch {
      return Self.response(error)
    }
  }

  private static func list(_ routes: [ControlRoute]) -> JSONValue {
    .array(
      routes.map { route in
        [
          "method": .string(route.method), "path": .string("/control/\(route.path)"),
          "does": .string(route.summary),
        ]
      })
  }

  private static func response(_ answer: ControlAnswer) -> ServerResponse {
    switch answer {
    case .json(let json): .text(json.text + "\n", type: "application/json")
    case .text(let text): .text(text)
    }
  }

  private static func response(_ error: ControlError) -> ServerResponse {
    let json: JSONValue = ["error": .string(error.reason)]
    return .text(json.text + "\n", status: error.status, type: "application/json")
  }
}
