import Foundation
import TradingModel

/// Where the paper account lies between two runs: `state/paper.json`, replaced whole.
public struct PaperAccountFile: Sendable {
  /// What was found at the start.
  public enum Opening: Sendable {
    /// No file: the account begins anew.
    case fresh
    case found(PaperAccount)
    /// It could not be used and is kept under another name; the account begins anew.
    case setAside(path: String, why: String)
  }

  /// The disk does not give or take it; the text says what and why.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(String)
    case unwritable(String)

    public var description: String {
      switch self {
      case .unreadable(let text), .unwritable(let text): text
      }
    }
  }

  public let path: String

  public init(path: String) { self.path = path }

  /// Reads the account. A file that is damaged, or written by a newer program, is set aside.
  /// - Throws: `Failure` when there is a file that can't be read, or not be set aside: it is left
  ///   where it is.
  public func open(at now: Timestamp) throws(Failure) -> Opening {
    guard FileManager.default.fileExists(atPath: path) else { return .fresh }
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw .unreadable("\(path) can't be read: \(error.localizedDescription)")
    }
    switch Self.account(in: data) {
    case .success(let account): return .found(account)
    case .failure(let unusable):
      let aside = "\(path).\(unusable.name)-\(now.seconds)"
      guard rename(path, aside) == 0 else {
        throw .unwritable(
          "\(path) \(unusable.why), and can't be set aside: \(String(cString: strerror(errno)))")
      }
      return .setAside(path: aside, why: unusable.why)
    }
  }

  /// Replaces the file: a crash leaves the old content or the new.
  public func save(_ account: PaperAccount) throws(Failure) {
    let draft = path + ".new"
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let data = try encoder.encode(account)
      let folder = URL(filePath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      guard FileManager.default.createFile(atPath: draft, contents: nil) else {
        throw Failure.unwritable("\(draft) can't be made")
      }
      let file = try FileHandle(forWritingTo: URL(filePath: draft))
      defer { try? file.close() }
      try file.write(contentsOf: data)
      try file.synchronize()
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .unwritable("\(path) can't be written: \(error.localizedDescription)")
    }
    guard rename(draft, path) == 0 else {
      throw .unwritable("\(path) can't be replaced: \(String(cString: strerror(errno)))")
    }
  }

  private struct Unusable: Error {
    var name: String
    var why: String
  }

  private struct Head: Decodable { var version: Int }

  private static func account(in data: Data) -> Result<PaperAccount, Unusable> {
    do {
      let version = try JSONDecoder().decode(Head.self, from: data).version
      guard version <= PaperAccount.currentVersion else {
        return .failure(
          Unusable(
            name: "version-\(version)",
            why: "is of version \(version), this program reads up to version "
              + "\(PaperAccount.currentVersion)"))
      }
      let account = try JSONDecoder().decode(PaperAccount.self, from: data)
      guard let problem = account.problems.first else { return .success(account) }
      return .failure(Unusable(name: "damaged", why: "is damaged: \(problem)"))
    } catch {
      return .failure(Unusable(name: "damaged", why: "is damaged: \(words(for: error))"))
    }
  }

  private static func words(for error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      return "\(place(context.codingPath + [key])) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      return "\(place(context.codingPath)) is of another kind"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      return "\(place(context.codingPath)) can't be read"
    case let error as AmountError: return "\(error)"
    default: return "it is no JSON"
    }
  }
}
