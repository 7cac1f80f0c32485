import NIOCore
import NIOWebSocket

/// Serves one WebSocket: frames in to the socket's stream, the service beside it.
struct SocketExchange: Sendable {
  let service: any LoopbackService

  func serve(
    _ connection: LoopbackServer.SocketConnection, request: ServerRequest
  ) async throws {
    let channel = connection.channel
    let socket = ServerSocket(channel: channel)
    defer { socket.end() }
    try await connection.executeThenClose { inbound, _ in
      try await channel.whileOpen {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            defer { socket.end() }
            for try await frame in inbound where !socket.receive(frame) { return }
          }
          group.addTask {
            await service.serve(socket, for: request)
            socket.close()
          }
          try await group.waitForAll()
        }
      }
    }
  }
}
