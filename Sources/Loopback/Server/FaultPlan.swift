import Synchronization

/// What is to go wrong, and at which call. Shared by all services and the control interface.
public final class FaultPlan: Sendable {
  public struct Entry: Sendable, Hashable {
    public let number: Int
    public var rule: FaultRule
  }

  private struct State {
    var entries: [Entry] = []
    var lastNumber = 0
  }

  private let state = Mutex(State())

  public init() {}

  /// In the order in which they were added; spent ones are gone.
  public var entries: [Entry] { state.withLock { $0.entries } }

  /// - Returns: Its number.
  @discardableResult
  public func add(_ rule: FaultRule) -> Int {
    state.withLock { state in
      state.lastNumber += 1
      state.entries.append(Entry(number: state.lastNumber, rule: rule))
      return state.lastNumber
    }
  }

  /// Removes one rule, those of one service, or all.
  /// - Returns: How many went.
  @discardableResult
  public func clear(number: Int? = nil, service: String? = nil) -> Int {
    state.withLock { state in
      let before = state.entries.count
      state.entries.removeAll { entry in
        (number == nil || entry.number == number)
          && (service == nil || entry.rule.service == service)
      }
      return before - state.entries.count
    }
  }

  /// Counts a call against every rule that fits it and gives the fault that strikes, if any.
  /// - Parameter endpoint: Compared without regard to case.
  public func strike(service: String, endpoint: String) -> Fault? {
    state.withLock { state in
      var fault: Fault?
      for index in state.entries.indices
      where state.entries[index].rule.fits(service: service, endpoint: endpoint) {
        if state.entries[index].rule.skip > 0 {
          state.entries[index].rule.skip -= 1
        } else if fault == nil {
          fault = state.entries[index].rule.fault
          if let times = state.entries[index].rule.times {
            state.entries[index].rule.times = times - 1
          }
        }
      }
      state.entries.removeAll { $0.rule.times.map { $0 <= 0 } ?? false }
      return fault
    }
  }

  /// Answers a call, with whatever is to go wrong with it.
  /// - Parameters:
  ///   - struck: Told of the fault first.
  ///   - execute: Carries the call out; handed a fault that the network does not know.
  public func answer(
    service: String, endpoint: String, isolation: isolated (any Actor)? = #isolation,
    struck: (Fault) -> Void = { _ in }, execute: (Fault?) async -> ServerResponse
  ) async -> ServerResponse {
    guard let fault = strike(service: service, endpoint: endpoint) else {
      return await execute(nil)
    }
    struck(fault)
    guard let network = NetworkFault(fault) else { return await execute(fault) }
    guard network.executes else { return network.shape(ServerResponse()) }
    return network.shape(await execute(nil))
  }
}

extension FaultRule {
  func fits(service: String, endpoint: String) -> Bool {
    self.service == service
      && (self.endpoint == "*" || self.endpoint.lowercased() == endpoint.lowercased())
  }
}
