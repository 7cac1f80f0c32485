import Loopback
import TestSupport

/// A stream server that answers as a test says. What clients say is written down.
final class ScriptedStream: LoopbackService {
  let name = "scripted"
  let said = Chronicle()
  private let answer: @Sendable (String, ServerSocket) -> Void

  init(answer: @escaping @Sendable (String, ServerSocket) -> Void) { self.answer = answer }

  func handle(_ request: ServerRequest) async -> ServerResponse { .text("", status: 404) }
  func acceptsSocket(_ request: ServerRequest) async -> Bool { true }

  func serve(_ socket: ServerSocket, for request: ServerRequest) async {
    said.write("opened \(request.path)")
    for await event in socket.incoming {
      guard case .text(let text) = event else { continue }
      said.write(text)
      answer(text, socket)
    }
  }

  /// Serves while `body` runs.
  func serving(_ body: (_ address: String) async throws -> Void) async throws {
    let server = try await LoopbackServer(self, clock: ManualClock())
    let running = Task { await server.run() }
    do {
      try await body(server.socketAddress)
    } catch {
      running.cancel()
      throw error
    }
    running.cancel()
    await running.value
  }
}
