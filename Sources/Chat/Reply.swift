/// What is said, as a value: a chat service draws it, a terminal prints it, a test compares it.
public struct Reply: Sendable, Hashable, Codable {
  public var blocks: [Block]
  /// Rows of buttons under the message.
  public var buttons: [[Button]]
  /// Arrives without sound.
  public var isSilent: Bool

  public init(_ blocks: [Block], buttons: [[Button]] = [], isSilent: Bool = false) {
    self.blocks = blocks
    self.buttons = buttons
    self.isSilent = isSilent
  }

  /// A reply of plain lines.
  public init(lines: [String], buttons: [[Button]] = [], isSilent: Bool = false) {
    self.init(lines.map { .line(Line($0)) }, buttons: buttons, isSilent: isSilent)
  }

  /// Everything as text, without marks and buttons.
  public var plainText: String { blocks.map(\.plainText).joined(separator: "\n") }
}

/// A piece of a reply.
public enum Block: Sendable, Hashable, Codable {
  case line(Line)
  /// Monospaced rows, at most 32 columns wide.
  case table([String])
  case gap

  public var plainText: String {
    switch self {
    case .line(let line): line.plainText
    case .table(let rows): rows.joined(separator: "\n")
    case .gap: ""
    }
  }
}

/// A line of proportional text.
public struct Line: Sendable, Hashable, Codable {
  public var spans: [Span]

  public init(_ spans: [Span]) { self.spans = spans }
  public init(_ text: String) { spans = [.plain(text)] }
  public static func bold(_ text: String) -> Line { Line([.bold(text)]) }

  public var plainText: String { spans.map(\.plainText).joined() }
}

public enum Span: Sendable, Hashable, Codable {
  case plain(String)
  case bold(String)
  case italic(String)
  case code(String)
  /// An instant, shown in the reader's zone where the service can; Unix seconds.
  case time(Int64, fallback: String)

  public var plainText: String {
    switch self {
    case .plain(let text), .bold(let text), .italic(let text), .code(let text): text
    case .time(_, let fallback): fallback
    }
  }
}

public struct Button: Sendable, Hashable, Codable {
  public enum Style: String, Sendable, Hashable, Codable { case normal, primary, danger }

  /// At most 20 characters.
  public var label: String
  /// Opaque, under 40 bytes: a kind, a nonce and a choice, never a symbol or an amount.
  public var data: String
  public var style: Style

  public init(_ label: String, data: String, style: Style = .normal) {
    self.label = label
    self.data = data
    self.style = style
  }
}

/// A mark on the person's own message: the quickest answer there is.
public enum Reaction: String, Sendable, Hashable, Codable {
  case received, executing, done, refused, failed
}

/// A line of the command menu.
public struct MenuEntry: Sendable, Hashable, Codable {
  public var name: String
  public var summary: String

  public init(name: String, summary: String) {
    self.name = name
    self.summary = summary
  }
}
