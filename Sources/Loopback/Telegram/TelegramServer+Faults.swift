import Transport

extension TelegramServer {
  /// Refusals on request, beside the accidents of the network, and what can happen to updates.
  public nonisolated var faultNames: [String] {
    [
      "flood", "conflict", "unauthorised", "blocked", "refuse", "duplicate_updates",
      "reorder_updates",
    ]
  }

  /// Refuses the call as the fault says; faults of updates let it pass.
  func refuse(_ fault: Fault) throws(TelegramRefusal) {
    switch fault.name {
    case "flood":
      let isSilent = fault.settings["retry_after"] == .null
      throw .tooManyRequests(retryAfter: isSilent ? nil : Int(fault.integer("retry_after") ?? 3))
    case "conflict": throw fault.flag("webhook") ?? false ? .webhookActive : .displaced
    case "unauthorised": throw .unauthorized
    case "blocked": throw .forbidden("bot was blocked by the user")
    case "refuse":
      throw TelegramRefusal(
        Int(fault.integer("code") ?? 400), fault.text("description") ?? "Bad Request")
    default: break
    }
  }

  /// What a fault does to the updates of one answer.
  func spoil(_ updates: [JSONValue], by fault: Fault?) -> [JSONValue] {
    switch fault?.name {
    case "duplicate_updates": updates.flatMap { [$0, $0] }
    case "reorder_updates": updates.reversed()
    default: updates
    }
  }
}
