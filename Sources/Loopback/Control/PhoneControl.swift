import TradingModel
import Transport

/// What stands on the phone, and what waits in the queue of updates.
public struct PhoneControl: Sendable {
  static let maximumWaitSeconds: Int64 = 30

  private let server: TelegramServer
  private let clock: LoopbackClock

  public init(_ server: TelegramServer, clock: LoopbackClock) {
    self.server = server
    self.clock = clock
  }

  public var routes: [ControlRoute] {
    [
      ControlRoute("GET", "chat", "the phone: chat, after, wait (s, at most 30), format=text") {
        (request) throws(ControlError) in try await phone(request)
      },
      ControlRoute("GET", "updates", "the queue of updates and the state of polling") {
        _ throws(ControlError) in .json(await server.queueState())
      },
      ControlRoute(
        "POST", "updates", "meddles with updates: do = gap, reset, unknown, broken, huge or drop"
      ) { (request) throws(ControlError) in
        let by = try request.optionalInteger("by")
        let deed = try request.string("do")
        guard let meddling = UpdateMeddling(rawValue: deed) else {
          let known = UpdateMeddling.allCases.map(\.rawValue).joined(separator: ", ")
          throw ControlError("do must be one of \(known)")
        }
        await server.meddle(meddling, by: by)
        return .json(await server.queueState())
      },
    ]
  }

  /// With `after`, waits until the phone shows something newer than that revision. The wait is
  /// measured on the host's clock: a jump of the servers' clock must not end it.
  private func phone(_ request: ControlRequest) async throws(ControlError) -> ControlAnswer {
    let chat = try request.optionalInteger("chat")
    if let seen = try request.optionalInteger("after") {
      let seconds = try request.optionalInteger("wait") ?? Self.maximumWaitSeconds
      let deadline = clock.base.now + .seconds(min(max(seconds, 0), Self.maximumWaitSeconds))
      await server.changes.wait(past: Int(seen), until: deadline, on: clock.base)
    }
    let view = await server.phone(chat: chat)
    return request["format"] == "text" ? .text(view.rendered) : .json(view.json)
  }
}
