/// A text with places to fill: `{symbol}` takes a value, `{count:position|positions}` the form that
/// the language uses for the number under `count`.
struct Template {
  enum Piece: Equatable {
    case text(String)
    case value(String)
    case plural(of: String, forms: [String])
  }

  let pieces: [Piece]

  init(_ text: String) {
    var pieces: [Piece] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
      let inside = rest[rest.index(after: open)..<close]
      let parts = inside.split(separator: ":", maxSplits: 1).map(String.init)
      if parts.count == 2 {
        pieces.append(
          .plural(of: parts[0], forms: parts[1].split(separator: "|").map(String.init)))
      } else {
        pieces.append(.value(String(inside)))
      }
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
    self.pieces = pieces
  }

  /// The names to be filled, sorted, each once.
  var names: [String] {
    Set(
      pieces.compactMap { piece in
        switch piece {
        case .text: nil
        case .value(let name), .plural(let name, _): name
        }
      }
    ).sorted()
  }
}
