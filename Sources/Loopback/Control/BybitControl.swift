import Transport

/// What is done to the loopback Bybit alone: calls that fail, streams that are cut, keys.
struct BybitControl: Sendable {
  private let streams: BybitStreamServer
  private let faults: FaultPlan

  init(_ streams: BybitStreamServer, faults: FaultPlan) {
    self.streams = streams
    self.faults = faults
  }

  var routes: [ControlRoute] {
    [
      ControlRoute("POST", "fail", "fails a Bybit call: endpoint, code, reason, nth, times") {
        (request) throws(ControlError) in .json(try fail(request))
      },
      ControlRoute(
        "POST", "cut", "cuts Bybit's streams without a word: stream (private), public, trade, all"
      ) { (request) throws(ControlError) in
        .json(try cut(request))
      },
      ControlRoute("POST", "key", "lets another Bybit key in: key, public_key (PEM), read_only") {
        (request) throws(ControlError) in .json(try addKey(request))
      },
    ]
  }

  private func fail(_ request: ControlRequest) throws(ControlError) -> JSONValue {
    let path = try request.string("endpoint")
    let endpoint = BybitServer.endpointName(of: path)
    guard BybitEndpoint.named(endpoint) != nil else {
      let known = BybitEndpoint.all.map(\.path).joined(separator: ", ")
      throw ControlError("there is no endpoint \(path); there are: \(known)")
    }
    let nth = try request.optionalInteger("nth") ?? 1
    guard nth >= 1 else { throw ControlError("nth counts from 1") }
    var settings: JSONObject = ["code": .integer(try request.integer("code"))]
    if let reason = try request.optionalString("reason") { settings["reason"] = .string(reason) }
    let rule = FaultRule(
      service: "bybit", endpoint: endpoint, Fault(BybitServer.reject, settings),
      skip: Int(nth) - 1, times: Int(try request.optionalInteger("times") ?? 1))
    return ["number": .integer(faults.add(rule))]
  }

  private func cut(_ request: ControlRequest) throws(ControlError) -> JSONValue {
    let stream = try request.optionalString("stream") ?? "private"
    guard ["private", "public", "trade", "all"].contains(stream) else {
      throw ControlError("there is no stream \(stream); there are: private, public, trade, all")
    }
    if ["private", "all"].contains(stream) { streams.cutPrivate() }
    if ["public", "all"].contains(stream) { streams.cutPublic() }
    if ["trade", "all"].contains(stream) { streams.cutTrade() }
    return ["done": true]
  }

  private func addKey(_ request: ControlRequest) throws(ControlError) -> JSONValue {
    let name = try request.string("key")
    let pem = try request.string("public_key")
    let isReadOnly = try request.optionalBool("read_only") ?? false
    do throws(SigningKeyError) {
      try streams.server.add(key: name, publicKey: pem, isReadOnly: isReadOnly)
    } catch {
      throw ControlError("public_key: \(error)")
    }
    return ["key": .string(name)]
  }
}
