import Yams

/// The text of a file of settings, read as YAML; whatever it can't be read for is told in our own
/// words, with line and column.
///
/// The parser gives up at the first key that stands twice. Each such key is marked and the text read
/// again, so that one slip hides no other.
struct SettingsText {
  /// Stands with a number before a key that is given again later.
  private static let mark = "__given-again-"
  private static let mostRepeated = 100

  /// Nil when the text is empty, or when it can't be read, which has been told.
  private(set) var node: Node?

  init(file: String, text: String, problems: SettingsReader.ProblemList) {
    var text = text
    for count in 1...Self.mostRepeated {
      do {
        node = try Yams.compose(yaml: text)
        return
      } catch YamlError.duplicatedKeysInMapping(_, let context) {
        guard let marked = Self.marking(text, at: context.mark, as: count) else { break }
        text = marked
      } catch let error as YamlError {
        let slip = YAMLSlip(error, in: text)
        problems.add("\(file):\(slip.line):\(slip.column)", slip.words)
        return
      } catch {
        problems.add(file, "is not readable as YAML or JSON: \(error)")
        return
      }
    }
    problems.add(file, "keys stand twice: keep one of each")
  }

  /// The name that a key had before it was marked; nil when it was not.
  static func repeatedName(of key: String) -> String? {
    guard key.hasPrefix(mark), let end = key.firstRange(of: "__:") else { return nil }
    return String(key[end.upperBound...])
  }

  /// The text with the key at `place` marked; nil when that leads nowhere.
  private static func marking(_ text: String, at place: Mark, as number: Int) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.indices.contains(place.line - 1) else { return nil }
    var scalars = Array(lines[place.line - 1].unicodeScalars)
    var column = place.column - 1
    guard scalars.indices.contains(column) else { return nil }
    if scalars[column] == "\"" || scalars[column] == "'" { column += 1 }
    scalars.insert(contentsOf: "\(mark)\(number)__:".unicodeScalars, at: column)
    var line = String.UnicodeScalarView()
    line.append(contentsOf: scalars)
    lines[place.line - 1] = String(line)
    return lines.joined(separator: "\n")
  }
}
