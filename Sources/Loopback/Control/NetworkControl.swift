import Transport

/// `/control/network`: whether anything listens on a server's port.
public struct NetworkControl: Sendable {
  private let servers: [(service: any LoopbackService, server: LoopbackServer)]

  public init(_ servers: [(any LoopbackService, LoopbackServer)]) {
    self.servers = servers.map { (service: $0.0, server: $0.1) }
  }

  public var routes: [ControlRoute] {
    [
      ControlRoute("GET", "network", "which servers refuse connections") { _ throws(ControlError) in
        .json(state)
      },
      ControlRoute(
        "POST", "network", "refuses connections, or takes them again: service (all), refuses"
      ) { (request) throws(ControlError) in
        guard let refuses = try request.optionalBool("refuses") else {
          throw ControlError("refuses is missing: true or false")
        }
        let name = try request.optionalString("service")
        let meant = servers.filter { name == nil || $0.service.name == name }
        guard !meant.isEmpty else {
          let known = servers.map(\.service.name).joined(separator: ", ")
          throw ControlError("there is no service \(name ?? ""); there are: \(known)")
        }
        for (_, server) in meant { server.refusesConnections = refuses }
        return .json(state)
      },
    ]
  }

  private var state: JSONValue {
    .array(
      servers.map { service, server in
        ["service": .string(service.name), "refuses": .bool(server.refusesConnections)]
      })
  }
}
