import Chat

/// The menu of commands that the chat service shows, drawn from the catalogue.
enum Menu {
  /// What a role may use; nil is a stranger.
  static func entries(for role: Role?, words: Words) -> [MenuEntry] {
    CommandCatalog.all.filter { type in
      role == nil ? type.name == PairCommand.name : type.access.admits(role) && type.isInMenu
    }.map { MenuEntry(name: $0.name, summary: words($0.summary)) }
  }
}

extension ChatCommand {
  /// Pairing is of no use to those who are paired.
  fileprivate static var isInMenu: Bool { name != PairCommand.name }
}
