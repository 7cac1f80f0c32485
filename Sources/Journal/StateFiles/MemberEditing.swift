/// Replaces the value of a member of a JSON object, and leaves all else as it stands: digits, order and
/// members that are not known here.
struct MemberEditing {
  private var bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Nothing changes where the object has no such member.
  mutating func replace(_ name: String, with value: String) {
    guard let range = self.value(of: name) else { return }
    bytes.replaceSubrange(range, with: value.utf8)
  }

  /// Where the value of a member of the outermost object lies.
  private func value(of name: String) -> Range<Int>? {
    let quoted = Array("\"\(name)\"".utf8)
    var depth = 0
    var place = 0
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        let end = endOfText(from: place)
        let next = firstWord(from: end)
        if depth == 1, bytes[place..<end].elementsEqual(quoted), next < bytes.count,
          bytes[next] == UInt8(ascii: ":")
        {
          let start = firstWord(from: next + 1)
          return start..<endOfValue(from: start)
        }
        place = end
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      place += 1
    }
    return nil
  }

  /// Behind the closing quotation mark.
  private func endOfText(from start: Int) -> Int {
    var place = start + 1
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(place + 1, bytes.count)
  }

  private func endOfValue(from start: Int) -> Int {
    var depth = 0
    var place = start
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        place = endOfText(from: place)
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return lastWord(before: place) }
        depth -= 1
      case UInt8(ascii: ",") where depth == 0: return lastWord(before: place)
      default: break
      }
      place += 1
    }
    return bytes.count
  }

  private func firstWord(from start: Int) -> Int {
    var place = start
    while place < bytes.count, bytes[place] <= UInt8(ascii: " ") { place += 1 }
    return place
  }

  private func lastWord(before end: Int) -> Int {
    var place = end
    while place > 0, bytes[place - 1] <= UInt8(ascii: " ") { place -= 1 }
    return place
  }
}
