import Yams

/// Where a text stops being YAML, and what would be right.
struct YAMLSlip {
  /// From 1, as editors count.
  let line: Int
  let column: Int
  let words: String

  fileprivate struct Place {
    var line: Int
    var column: Int
  }

  init(_ error: YamlError, in text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    func found(_ place: Place) -> String {
      guard lines.indices.contains(place.line - 1) else { return "the end of the file" }
      let line = lines[place.line - 1].drop(while: \.isWhitespace)
      return line.isEmpty ? "an empty line" : "`\(line.prefix(60))`"
    }
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let slip = Self.slip(context.map { Place($0.mark) }, problem, Place(mark), in: lines)
      (line, column) = (slip.place.line, slip.place.column)
      words = "found \(found(slip.place)): \(slip.remedy)"
    case .reader(_, let offset, _, let yaml):
      let before = yaml.prefix(offset ?? 0)
      line = before.count(where: \.isNewline) + 1
      column = before.reversed().prefix { !$0.isNewline }.count + 1
      words = "found a character that no text file should hold: type the line anew"
    default:
      (line, column) = (1, 1)
      words = "is not readable as YAML or JSON: compare it with the project's config folder"
    }
  }

  /// The parser's own words are those of libyaml (scanner.c and parser.c).
  private static func slip(
    _ context: Place?, _ problem: String, _ mark: Place, in lines: [Substring]
  ) -> (place: Place, remedy: String) {
    let opened = context ?? mark
    switch problem {
    case let text where text.contains("',' or ']'"):
      return (opened, "the list that `[` opens here is not closed; `,` or `]` is missing")
    case let text where text.contains("',' or '}'"):
      return (opened, "the mapping that `{` opens here is not closed; `,` or `}` is missing")
    case "found unexpected end of stream":
      return (opened, "the quote that opens here is not closed")
    case "mapping values are not allowed in this context":
      if let above = keyWithoutColon(above: mark, in: lines) { return (above, missingColon) }
      return (
        mark,
        "a `:` too many, or a line indented too far; a text with `: ` inside belongs in quotes"
      )
    case "could not find expected ':'":
      return (opened, missingColon)
    case "did not find expected key":
      return (mark, "indented like nothing above it; keys of one section begin in one column")
    case "did not find expected '-' indicator":
      return (mark, "a list goes on without `- `")
    case "block sequence entries are not allowed in this context":
      return (mark, "a list item can't stand here; begin the list on a line of its own")
    case "found unknown escape character":
      return (mark, "an unknown escape after `\\`; single quotes take a text as it is")
    case "found undefined alias", "did not find expected alphabetic or numeric character":
      return (mark, "a value that begins with `*` or `&` belongs in quotes")
    case "but found another document", "did not find expected <document start>":
      return (mark, "a second document; keep one, without `---` in between")
    case "found character that cannot start any token",
      "found a tab character that violates indentation":
      return (mark, tokenRemedy(at: mark, in: lines))
    default:
      return (mark, "no `key: value` line; look at indentation, quotes and brackets around it")
    }
  }

  private static let missingColon = "`:` is missing after the key; a line must be `key: value`"

  /// A line without `:` runs on into the next one, where the parser then stumbles.
  private static func keyWithoutColon(above mark: Place, in lines: [Substring]) -> Place? {
    func indentation(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }
    guard mark.line >= 2, lines.indices.contains(mark.line - 1) else { return nil }
    let above = lines[mark.line - 2]
    guard !above.allSatisfy(\.isWhitespace), !above.contains(":"), !above.contains("#"),
      indentation(above) == indentation(lines[mark.line - 1])
    else { return nil }
    return Place(line: mark.line - 1, column: indentation(above) + 1)
  }

  private static func tokenRemedy(at mark: Place, in lines: [Substring]) -> String {
    let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : ""
    let scalars = line.unicodeScalars.dropFirst(mark.column - 1)
    guard let scalar = scalars.first, scalar != "\t", !line.hasPrefix("\t") else {
      return "a tab; indent with spaces"
    }
    return "a value that begins with `\(scalar)` belongs in quotes"
  }
}

extension YAMLSlip.Place {
  fileprivate init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}
