import Loopback
import Testing
import Transport

/// Something that befalls messages of a stream.
struct StreamMishap: Sendable, CustomTestStringConvertible {
  let fault: Fault

  var testDescription: String { "\(fault.name) \(JSONValue.object(fault.settings).text)" }

  init(_ name: String, _ settings: JSONObject = [:]) { fault = Fault(name, settings) }

  /// The connection is gone by it.
  var breaks: Bool { ["cut", "cut_within", "close", "silence"].contains(fault.name) }

  /// The message is not told by the stream any more.
  var loses: Bool { breaks || fault.name == "lose" || fault.name == "garble" }

  /// Whether a book is uncertain after it: what comes twice or late, but in order, leaves it whole.
  var harmsBooks: Bool { fault.name != "duplicate" && fault.flag("keeps_order") != true }

  static let all = [
    StreamMishap("lose"), StreamMishap("duplicate"), StreamMishap("duplicate", ["copies": 5]),
    StreamMishap("delay", ["ms": 700]), StreamMishap("delay", ["ms": 700, "keeps_order": true]),
    StreamMishap("reorder"), StreamMishap("garble"), StreamMishap("garble", ["text": "{}"]),
    StreamMishap("cut"), StreamMishap("cut_within"), StreamMishap("close"), StreamMishap("silence"),
  ]
}
