import CSimdjson

/// A place in a text that a `JSONReader` has checked: reading it copies and allocates nothing, so
/// hot frames go from bytes to exact amounts straight. Valid inside the reader's closure only.
public struct JSONView {
  private let nodes: UnsafePointer<csimdjson_node>
  private let index: Int

  init(_ nodes: UnsafePointer<csimdjson_node>, _ index: Int) {
    self.nodes = nodes
    self.index = index
  }

  private var node: csimdjson_node { nodes[index] }

  public var kind: JSONKind { JSONKind(rawValue: node.kind) ?? .null }

  /// The characters of a string with its escapes undone, the digits of a number as written, the
  /// word of a bool; empty for null and containers.
  public var bytes: UnsafeRawBufferPointer {
    kind == .null
      ? UnsafeRawBufferPointer(start: nil, count: 0)
      : UnsafeRawBufferPointer(start: node.text, count: Int(node.length))
  }

  /// `bytes` as text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether this is a string of just these characters.
  public func isString(_ text: StaticString) -> Bool { kind == .string && bytes.equal(text) }

  /// Elements of an array, fields of an object; 0 for all else.
  public var count: Int { Int(node.count) }

  /// The first field of that name; nil also for what is no object.
  public func field(_ name: StaticString) -> JSONView? {
    guard kind == .object else { return nil }
    var key = index + 1
    for _ in 0..<count {
      let value = JSONView(nodes, key + 1)
      if JSONView(nodes, key).bytes.equal(name) { return value }
      key = Int(value.node.next)
    }
    return nil
  }

  /// The elements of an array; none for what is no array.
  public var elements: Elements {
    Elements(nodes: nodes, index: index + 1, left: kind == .array ? count : 0)
  }

  /// The fields of an object; none for what is no object.
  public var fields: Fields {
    Fields(nodes: nodes, index: index + 1, left: kind == .object ? count : 0)
  }

  public struct Elements: Sequence, IteratorProtocol {
    fileprivate let nodes: UnsafePointer<csimdjson_node>
    fileprivate var index: Int
    fileprivate var left: Int

    public mutating func next() -> JSONView? {
      guard left > 0 else { return nil }
      left -= 1
      let view = JSONView(nodes, index)
      index = Int(view.node.next)
      return view
    }
  }

  public struct Fields: Sequence, IteratorProtocol {
    fileprivate let nodes: UnsafePointer<csimdjson_node>
    fileprivate var index: Int
    fileprivate var left: Int

    public mutating func next() -> (name: JSONView, value: JSONView)? {
      guard left > 0 else { return nil }
      left -= 1
      let name = JSONView(nodes, index)
      let value = JSONView(nodes, index + 1)
      index = Int(value.node.next)
      return (name, value)
    }
  }

  /// A copy that outlives the reader.
  public var value: JSONValue {
    switch kind {
    case .object:
      var copied: [JSONObject.Field] = []
      copied.reserveCapacity(count)
      for field in fields {
        copied.append(JSONObject.Field(key: field.name.text, value: field.value.value))
      }
      return .object(JSONObject(fields: copied))
    case .array:
      var copied: [JSONValue] = []
      copied.reserveCapacity(count)
      for element in elements { copied.append(element.value) }
      return .array(copied)
    case .string: return .string(text)
    case .number: return .number(text)
    case .bool: return .bool(isTrue)
    case .null: return .null
    }
  }

  var isTrue: Bool { bytes.first == UInt8(ascii: "t") }
}

extension UnsafeRawBufferPointer {
  fileprivate func equal(_ text: StaticString) -> Bool {
    elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
