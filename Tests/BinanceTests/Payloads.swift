import Foundation
import TestSupport
import TradingModel
import Transport

@testable import Binance

/// The recorded payloads, each as the JSON it holds.
enum Payloads {
  struct Payload {
    let name: String
    let json: JSONValue
  }

  /// Every payload under a folder of `fixtures/binance`; files of several frames give several.
  static func all(under folder: String) throws -> [Payload] {
    var found: [Payload] = []
    for kind in ["json", "jsonl", "txt"] {
      for file in Fixtures.files(under: "binance/\(folder)", extension: kind) {
        let text = String(decoding: try Fixtures.bytes(of: file), as: UTF8.self)
        // Made up for a test of something else: candles without prices.
        if file.lastPathComponent == "Concurrent.txt" { continue }
        let name = file.path.components(separatedBy: "/binance/").last ?? ""
        for part in parts(of: text, name: name, isLines: kind == "jsonl") {
          found.append(Payload(name: name, json: try JSONValue(parsing: part)))
        }
      }
    }
    return found
  }

  private static func parts(of text: String, name: String, isLines: Bool) -> [String] {
    if isLines { return text.split(separator: "\n").map(String.init) }
    if name.contains("jkorf") {
      // Dialogs push what follows `=`; recorded answers have method, path and a flag in front.
      if text.hasPrefix(">") {
        return text.components(separatedBy: "\n=").dropFirst().map {
          cleaned($0.components(separatedBy: "\n>")[0])
        }
      }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return [lines.dropFirst(3).joined(separator: "\n")]
    }
    return [cleaned(text)]
  }

  /// Examples of the documentation hold remarks, commas of a typewriter and forgotten ones.
  private static func cleaned(_ text: String) -> String {
    var lines = text.replacing("|1|", with: "1").replacing("，", with: ",").split(separator: "\n")
      .map { line in
        line.firstRange(of: "//").map { String(line[..<$0.lowerBound]) } ?? String(line)
      }
    lines = lines.filter { !$0.allSatisfy(\.isWhitespace) }
    var result = ""
    for line in lines {
      let next = line.first { !$0.isWhitespace }
      let last = result.last { !$0.isWhitespace }
      if let next, let last, "\"{".contains(next), "\"}]0123456789el".contains(last) {
        result += ","
      }
      result += line + "\n"
    }
    // A comma before the end of a list, and two of them.
    return result.replacingOccurrences(of: ",\\s*,", with: ",", options: .regularExpression)
      .replacingOccurrences(of: ",(\\s*[}\\]])", with: "$1", options: .regularExpression)
  }
}
