import Chat

/// Who may use a command.
enum Access: Sendable, Hashable {
  /// Answered to the known, silent to strangers; a valid code pairs.
  case anyone
  case viewer
  case `operator`
  case owner

  /// Whether someone of that role may; nil is a stranger.
  func admits(_ role: Role?) -> Bool {
    guard let role else { return false }
    return switch self {
    case .anyone, .viewer: role >= .viewer
    case .operator: role >= .operator
    case .owner: role >= .owner
    }
  }
}
