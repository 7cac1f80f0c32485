// Objects and arrays.
extension FrameScanner {
  /// An object whose fields come in any order.
  ///
  /// A name may stand there twice: let the second one throw, since `JSONView` reads the first.
  ///
  /// - Parameter field: Called with each name; it must take the value, `skipValue()` at least.
  @inlinable
  public mutating func object(
    _ field: (_ name: FrameText, _ scan: inout FrameScanner) throws(OtherShape) -> Void
  ) throws(OtherShape) {
    try byte(UInt8(ascii: "{"))
    guard next != UInt8(ascii: "}") else {
      position += 1
      return
    }
    while true {
      let name = try text()
      try byte(UInt8(ascii: ":"))
      try field(name, &self)
      guard next == UInt8(ascii: ",") else { return try byte(UInt8(ascii: "}")) }
      position += 1
    }
  }

  /// An array.
  /// - Parameter element: Called at each element, which it must take.
  @inlinable
  public mutating func array(
    _ element: (_ scan: inout FrameScanner) throws(OtherShape) -> Void
  ) throws(OtherShape) {
    try byte(UInt8(ascii: "["))
    guard next != UInt8(ascii: "]") else {
      position += 1
      return
    }
    while true {
      try element(&self)
      guard next == UInt8(ascii: ",") else { return try byte(UInt8(ascii: "]")) }
      position += 1
    }
  }

  /// The levels of a book, `["price","quantity"]` each.
  @inlinable
  public mutating func levels(
    _ level: (_ price: Int64, _ quantity: Int64) throws(OtherShape) -> Void
  ) throws(OtherShape) {
    try byte(UInt8(ascii: "["))
    guard next != UInt8(ascii: "]") else {
      position += 1
      return
    }
    while true {
      try byte(UInt8(ascii: "["))
      let price = try decimal()
      try byte(UInt8(ascii: ","))
      let quantity = try decimal()
      try byte(UInt8(ascii: "]"))
      try level(price, quantity)
      guard next == UInt8(ascii: ",") else { return try byte(UInt8(ascii: "]")) }
      position += 1
    }
  }
}
