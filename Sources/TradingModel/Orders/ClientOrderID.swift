/// The id that we give an order: at most 36 letters, digits, dashes and underscores, which both
/// venues take. It names the owner and, for closes, the command, and is never used twice.
///
/// Form: `OWNER-BOOT-COUNTER` or `OWNER-BOOT-COUNTER-COMMAND`, numbers in base 36. Boot is the
/// `BootStamp` of the life that gave the id.
public struct ClientOrderID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  public let text: String

  /// Any id read back from a venue; foreign ones, too.
  public init(_ text: String) { self.text = text }

  public init(owner: Owner, boot: UInt64, counter: UInt64, command: CommandID? = nil) {
    var parts = [owner.tag, String(boot, radix: 36), String(counter, radix: 36)]
    if let command { parts.append(String(command.number, radix: 36)) }
    text = parts.joined(separator: "-")
  }

  /// The owner written into the id; nil when the id is not of our making.
  public var owner: Owner? { parts.flatMap { Owner(tag: String($0[0])) } }

  /// The command that a close belongs to.
  public var command: CommandID? {
    guard let parts, parts.count == 4 else { return nil }
    return Int64(parts[3], radix: 36).map(CommandID.init)
  }

  private var parts: [Substring]? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3 || parts.count == 4, Owner(tag: String(parts[0])) != nil,
      parts.dropFirst().allSatisfy({ UInt64($0, radix: 36) != nil })
    else { return nil }
    return parts
  }

  public static func < (left: ClientOrderID, right: ClientOrderID) -> Bool {
    left.text < right.text
  }

  public var description: String { text }

  public init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// Makes client order ids, unique over restarts. The boot stamp comes in by the front door.
public struct ClientOrderIDs: Sendable {
  public let boot: UInt64
  private var counter: UInt64 = 0

  /// - Parameter boot: This life's `BootStamp`.
  public init(boot: UInt64) { self.boot = boot }

  public mutating func next(for owner: Owner, command: CommandID? = nil) -> ClientOrderID {
    counter += 1
    return ClientOrderID(owner: owner, boot: boot, counter: counter, command: command)
  }
}
