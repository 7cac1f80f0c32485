import TradingModel

/// What every engine says of itself. It takes market events and answers with `Look`s; it names no
/// venue to trade on, sizes nothing in coins and sends nothing.
public protocol Strategy: Sendable {
  static var name: EngineName { get }
  /// One line for people.
  static var summary: String { get }
  /// The connections it lives on: while one of them is silent it enters nothing.
  static var livesOn: [LinkName] { get }
}
