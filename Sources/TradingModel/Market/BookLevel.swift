/// What rests at one price of an order book: a change of it, too, where a quantity of zero says that
/// nothing rests there any more.
public struct BookLevel: Sendable, Hashable {
  public var price: Price
  public var quantity: Quantity

  public init(_ price: Price, _ quantity: Quantity) {
    self.price = price
    self.quantity = quantity
  }

  /// What the level is worth, in USDT.
  public var value: Notional { price * quantity }
}

extension BookLevel: CustomStringConvertible {
  /// `0.5 @ 64210.5`.
  public var description: String { "\(quantity) @ \(price)" }
}
