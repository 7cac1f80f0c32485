import Transport

/// `/control/faults`: what is to go wrong.
public struct FaultControl: Sendable {
  private let plan: FaultPlan
  private let services: [any LoopbackService]

  /// - Parameter services: Those whose calls can be struck.
  public init(_ plan: FaultPlan, services: [any LoopbackService]) {
    self.plan = plan
    self.services = services
  }

  public var routes: [ControlRoute] {
    [
      ControlRoute("GET", "faults", "faults that wait for a call") { _ throws(ControlError) in
        .json(.array(plan.entries.map(\.json)))
      },
      ControlRoute("POST", "faults", "adds a fault: service, fault, endpoint, skip, times") {
        (request) throws(ControlError) in .json(["number": .integer(plan.add(try rule(request)))])
      },
      ControlRoute("DELETE", "faults", "removes faults: number, service, or all") {
        (request) throws(ControlError) in
        let number = try request.optionalInteger("number").map { Int($0) }
        let service = try request.optionalString("service")
        return .json(["removed": .integer(plan.clear(number: number, service: service))])
      },
    ]
  }

  private func rule(_ request: ControlRequest) throws(ControlError) -> FaultRule {
    let serviceName = try request.string("service")
    guard let service = services.first(where: { $0.name == serviceName }) else {
      let known = services.map(\.name).joined(separator: ", ")
      throw ControlError("there is no service \(serviceName); there are: \(known)")
    }
    let name = try request.string("fault")
    let names = NetworkFault.names + service.faultNames
    guard names.contains(name) else {
      throw ControlError(
        "there is no fault \(name); there are: \(names.joined(separator: ", "))")
    }
    var settings = request.body
    for key in ["service", "endpoint", "fault", "skip", "times"] { settings[key] = nil }
    let isForEver = request["times"] == .null
    return FaultRule(
      service: serviceName, endpoint: try request.optionalString("endpoint") ?? "*",
      Fault(name, settings), skip: Int(try request.optionalInteger("skip") ?? 0),
      times: isForEver ? nil : Int(try request.optionalInteger("times") ?? 1))
  }
}

extension FaultPlan.Entry {
  var json: JSONValue {
    var json: JSONObject = [
      "number": .integer(number), "service": .string(rule.service),
      "endpoint": .string(rule.endpoint), "fault": .string(rule.fault.name),
      "skip": .integer(rule.skip), "times": rule.times.map { .integer($0) } ?? .null,
    ]
    for field in rule.fault.settings.fields { json[field.key] = field.value }
    return .object(json)
  }
}
