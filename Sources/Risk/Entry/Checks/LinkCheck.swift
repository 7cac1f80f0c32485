import TradingModel

extension EntryCheck {
  /// The account's connection and those that the engine lives on are healthy.
  static let link = EntryCheck("link") { entry in
    guard !entry.situation.links.isEmpty else { return ["no connection is known to be up"] }
    return entry.situation.links.filter { !$0.isHealthy }
      .map {
        $0.detail.isEmpty ? "\($0.title) is down" : "\($0.title) \($0.detail)"
      }
  }
}
