import TradingModel
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
        .json(["removed": .integer(try remove(request))])
      },
    ]
  }

  private static let fields = ["service", "endpoint", "fault", "skip", "times"]

  private func rule(_ request: ControlRequest) throws(ControlError) -> FaultRule {
    let service = try service(named: try request.string("service"))
    let name = try request.string("fault")
    let names = NetworkFault.names + service.faultNames
    guard names.contains(name) else {
      throw Self.unknown("fault", name, among: names)
    }
    var settings = request.body
    for key in Self.fields { settings[key] = nil }
    // A setting that is nearly a field would change what is struck, in silence.
    for key in settings.fields.map(\.key) {
      if let near = Spelling.nearest(to: key, among: Self.fields) {
        throw ControlError("there is no field \(key); did you mean \(near)?")
      }
    }
    let endpoint: String
    switch service.faultTargets.name(try request.optionalString("endpoint") ?? "*") {
    case .success(let name): endpoint = name
    case .failure(let unknown): throw ControlError(unknown.words)
    }
    let isForEver = request["times"] == .null
    return FaultRule(
      service: service.name, endpoint: endpoint, Fault(name, settings),
      skip: Int(try request.optionalInteger("skip") ?? 0),
      times: isForEver ? nil : Int(try request.optionalInteger("times") ?? 1))
  }

  /// - Returns: How many went. One that nobody knows is an error: what was meant goes on striking.
  private func remove(_ request: ControlRequest) throws(ControlError) -> Int {
    let given = request.body.fields.map(\.key) + request.query.values.map(\.name)
    if let other = given.first(where: { !["number", "service"].contains($0) }) {
      throw Self.unknown("field", other, among: ["number", "service"])
    }
    let number = try request.optionalInteger("number").map { Int($0) }
    if let number, !plan.entries.contains(where: { $0.number == number }) {
      throw ControlError("no fault \(number) waits for a call: GET /control/faults lists them")
    }
    let service = try request.optionalString("service")
    if let service { _ = try self.service(named: service) }
    return plan.clear(number: number, service: service)
  }

  private func service(named name: String) throws(ControlError) -> any LoopbackService {
    guard let service = services.first(where: { $0.name == name }) else {
      throw Self.unknown("service", name, among: services.map(\.name))
    }
    return service
  }

  private static func unknown(
    _ what: String, _ name: String, among known: [String]
  ) -> ControlError {
    let near = Spelling.nearest(to: name, among: known).map { "did you mean \($0)?" }
    return ControlError(
      "there is no \(what) \(name); "
        + (near ?? "there are: \(known.joined(separator: ", "))"))
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
