import Chat
import TradingModel

/// The catalogue of words of one language. Every text that ChatOps says is drawn from it.
struct Words: Sendable {
  let templates: [Phrase: String]
  /// Which of a language's plural forms a count takes.
  let pluralForm: @Sendable (Int) -> Int

  static let english = Words(
    templates: English.templates, pluralForm: { $0.magnitude == 1 ? 0 : 1 })

  /// Something to fill a place with.
  enum Value {
    case text(String)
    /// An instant, shown in the reader's zone where the chat service can.
    case clock(Timestamp)

    var plainText: String {
      switch self {
      case .text(let text): text
      case .clock(let time): time.clockText + " UTC"
      }
    }
  }

  func callAsFunction(
    _ phrase: Phrase, _ values: KeyValuePairs<String, String> = [:]
  ) -> String {
    spans(phrase, values.map { ($0.key, .text($0.value)) }).map(\.plainText).joined()
  }

  /// The same as a line, for texts in which instants stand.
  func line(_ phrase: Phrase, _ values: KeyValuePairs<String, Value> = [:]) -> Line {
    Line(spans(phrase, values.map { ($0.key, $0.value) }))
  }

  private func spans(_ phrase: Phrase, _ values: [(key: String, value: Value)]) -> [Span] {
    var spans: [Span] = []
    var text = ""
    for piece in Template(templates[phrase] ?? phrase.rawValue).pieces {
      switch piece {
      case .text(let plain): text += plain
      case .value(let name):
        switch values.first(where: { $0.key == name })?.value {
        case .text(let value): text += value
        case .clock(let time):
          if !text.isEmpty { spans.append(.plain(text)) }
          text = ""
          spans.append(.time(time.seconds, fallback: Value.clock(time).plainText))
        // A place without a value stays visible: a test looks for braces.
        case nil: text += "{\(name)}"
        }
      case .plural(let name, let forms):
        let shown = values.first { $0.key == name }?.value.plainText ?? ""
        let count = Int(shown.filter { $0 != "," }) ?? 0
        text += forms[min(pluralForm(count), forms.count - 1)]
      }
    }
    if !text.isEmpty { spans.append(.plain(text)) }
    return spans
  }
}
