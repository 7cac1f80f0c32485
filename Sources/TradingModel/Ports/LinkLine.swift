/// One of the connections that a link is made of: `Bybit public 1`, `Binance markets`.
///
/// A link is healthy when each of its lines is: what one connection says is no word on another.
public struct LinkLine: Sendable, Hashable, Comparable {
  /// For people.
  public let name: String

  public init(_ name: String) { self.name = name }

  /// Of a link that is one connection.
  public static let only = LinkLine("")

  public static func < (left: LinkLine, right: LinkLine) -> Bool { left.name < right.name }
}
