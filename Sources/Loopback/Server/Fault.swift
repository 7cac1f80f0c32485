import Transport

/// Something that goes wrong on request: a name, and settings that its name calls for.
///
/// Every service knows the faults of the network (`NetworkFault`); others it reads by name.
public struct Fault: Sendable, Hashable {
  public var name: String
  public var settings: JSONObject

  public init(_ name: String, _ settings: JSONObject = [:]) {
    self.name = name
    self.settings = settings
  }

  public func integer(_ key: String) -> Int64? {
    (try? JSONValue.object(settings).optionalInteger(.field(key))) ?? nil
  }

  public func flag(_ key: String) -> Bool? { settings[key].map { $0 == .bool(true) } }
  public func text(_ key: String) -> String? { settings[key]?.stringValue }

  func duration(_ key: String, or standard: Duration) -> Duration {
    integer(key).map { .milliseconds($0) } ?? standard
  }
}

/// When a fault strikes.
public struct FaultRule: Sendable, Hashable {
  public var service: String
  /// A method of the service, or `*` for all.
  public var endpoint: String
  public var fault: Fault
  /// Calls that pass unharmed first.
  public var skip: Int
  /// Calls that it strikes then; nil is for ever.
  public var times: Int?

  public init(
    service: String, endpoint: String = "*", _ fault: Fault, skip: Int = 0, times: Int? = 1
  ) {
    self.service = service
    self.endpoint = endpoint
    self.fault = fault
    self.skip = skip
    self.times = times
  }
}
