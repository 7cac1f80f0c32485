import Foundation
import Hummingbird

/// What may stand in the body of `POST /panic` and `POST /panic/reset`; all of it may be left out.
///
/// A key that is not known is an error: a misspelt `include_longterm` must not be overheard.
struct PanicBody: Sendable, Hashable {
  static let limitBytes = 4096
  private static let longestText = 120

  /// The caller's own name, which nobody checks.
  var who = ""
  var why = ""
  /// Given by `quarterdeck panic`.
  var isCommandLine = false
  var includesLongTerm = false
  /// Which process is meant; nil is whoever hears it. Another bot's server may have the port.
  var process: Int32?
  /// Answer when it is flat or given up; else as soon as the engine has taken it.
  var waits = true

  init() {}

  /// Nil when it can't be understood.
  init?(_ body: ByteBuffer) {
    guard body.readableBytes > 0 else { return }
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(body.readableBytesView))
    } catch {
      return nil
    }
  }

  /// As reports name the caller.
  var by: String {
    let way = isCommandLine ? "command line" : "HTTP"
    return who.isEmpty ? way : "\(way) (\(who))"
  }

  /// One line without signs that could steer a terminal or turn a text round.
  private static func tidied(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
        line.append(" ")
      default: line.append(scalar)
      }
    }
    return String(String(line).trimmingCharacters(in: .whitespaces).prefix(longestText))
  }
}

extension PanicBody: Decodable {
  private enum Key: String, CodingKey, CaseIterable {
    case who, why, source, wait, process
    case includesLongTerm = "include_longterm"
  }

  private enum Source: String, Decodable { case http, cli }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let known = Set(Key.allCases.map(\.rawValue))
    let present = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    guard known.isSuperset(of: present) else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "unknown key"))
    }
    let fields = try decoder.container(keyedBy: Key.self)
    who = Self.tidied(try fields.decodeIfPresent(String.self, forKey: .who) ?? "")
    why = Self.tidied(try fields.decodeIfPresent(String.self, forKey: .why) ?? "")
    isCommandLine = try fields.decodeIfPresent(Source.self, forKey: .source) == .cli
    includesLongTerm = try fields.decodeIfPresent(Bool.self, forKey: .includesLongTerm) ?? false
    process = try fields.decodeIfPresent(Int32.self, forKey: .process)
    waits = try fields.decodeIfPresent(Bool.self, forKey: .wait) ?? true
  }
}
