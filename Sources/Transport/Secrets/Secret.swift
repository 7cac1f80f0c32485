/// A key, a token, a password. It never prints, not even as a part of something else that does.
public struct Secret: Sendable {
  private let text: String

  public init(_ text: String) { self.text = text }

  /// The secret itself, for the request that needs it: the one way out, easy to search for.
  public func exposed() -> String { text }

  public var isEmpty: Bool { text.isEmpty }
}

extension Secret: Hashable {
  public static func == (left: Secret, right: Secret) -> Bool {
    constantTimeEquals(Array(left.text.utf8), Array(right.text.utf8))
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "[secret]" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
