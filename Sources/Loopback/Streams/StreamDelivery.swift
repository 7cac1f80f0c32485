/// Sends what streams tell, unless something is to go wrong with it.
struct StreamDelivery: Sendable {
  /// `lose`: the message never arrives. `cut`: the connection is reset instead. `close`: it is
  /// closed in good order.
  static let faultNames = ["lose", "cut", "close"]

  let service: String
  let faults: FaultPlan
  let transcript: Transcript

  /// - Parameter topic: What faults call the message.
  func send(_ text: String, topic: String, to sockets: [ServerSocket]) {
    for socket in sockets {
      guard let fault = faults.strike(service: service, endpoint: topic) else {
        socket.send(text)
        continue
      }
      transcript.note("! \(topic) \(fault.name)", service: service)
      switch fault.name {
      case "cut": socket.reset()
      case "close": socket.close(code: 1001, reason: "going away")
      default: break  // Lost.
      }
    }
  }
}
