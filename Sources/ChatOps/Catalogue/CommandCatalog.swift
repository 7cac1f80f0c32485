/// Every command, in the order of menu and help.
enum CommandCatalog {
  static let all: [any ChatCommand.Type] = [
    StatusCommand.self,
    PositionsCommand.self,
    PnLCommand.self,
    RiskCommand.self,
    CloseCommand.self,
    PauseCommand.self,
    ResumeCommand.self,
    KillCommand.self,
    PanicCommand.self,
    UnlockCommand.self,
    AllowlistCommand.self,
    AllowCommand.self,
    DenyCommand.self,
    HealthCommand.self,
    HelpCommand.self,
    WhoAmICommand.self,
    PairCommand.self,
  ]

  /// By name or alias.
  static func command(named name: String) -> (any ChatCommand.Type)? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// What whoever speaks can do: all of it, or the guard's part.
  static func offered(by settings: ChatOpsSettings) -> [any ChatCommand.Type] {
    settings.isGuard ? all.filter { $0.worksInGuard } : all
  }

  /// The commands that are written most like `name`, among those that `role` may use.
  static func nearest(to name: String, for access: (Access) -> Bool) -> [any ChatCommand.Type] {
    let allowed = all.filter { access($0.access) }
    let names = allowed.flatMap { type in ([type.name] + type.aliases).filter { $0.count > 1 } }
    var found: [any ChatCommand.Type] = []
    for match in Nearest.texts(to: name, among: names, limit: 6) {
      guard let type = command(named: match), !found.contains(where: { $0 == type }) else {
        continue
      }
      found.append(type)
    }
    return Array(found.prefix(3))
  }
}
