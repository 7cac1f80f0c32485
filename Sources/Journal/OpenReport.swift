/// What was found when the journal was opened.
public struct OpenReport: Sendable, Hashable {
  /// There was no file, or a damaged one was set aside.
  public var isNew: Bool
  /// A damaged file was moved here, with the reason: the owner should know.
  public var setAside: SetAside?
  /// The migrations that were applied, in order.
  public var migrations: [String]

  public init(isNew: Bool, setAside: SetAside? = nil, migrations: [String] = []) {
    self.isNew = isNew
    self.setAside = setAside
    self.migrations = migrations
  }

  public struct SetAside: Sendable, Hashable {
    public var path: String
    public var why: String

    public init(path: String, why: String) {
      self.path = path
      self.why = why
    }
  }
}

/// Why the journal can't be opened.
public enum JournalOpenError: Error, Hashable, Sendable {
  /// A newer program wrote the file: it is left as it is.
  case newer(path: String, unknownMigrations: [String])
  case unusable(path: String, why: String)
}

extension JournalOpenError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .newer(let path, let unknown):
      "\(path) was written by a newer version of this program "
        + "(it has \(unknown.joined(separator: ", "))); start that version"
    case .unusable(let path, let why):
      "\(path) can't be used: \(why)"
    }
  }
}
