import EngineCore
import TradingModel

/// Counts what the engine goes through. Belongs to the loop; nothing is decided by it.
struct EngineMeter {
  /// Commands whose last answer is waited for, at most.
  private static let mostCommands = 100

  private var frameToDecision = LatencyHistogram()
  private var commandToReply = LatencyHistogram()
  private var prices: UInt64 = 0
  private var liquidations: UInt64 = 0
  private var ups: [LinkName: UInt64] = [:]
  private var rejects: [Int: UInt64] = [:]
  private var commands: [CommandID: Timestamp] = [:]

  /// - Parameter now: After the engine has dealt with it.
  mutating func decided(_ event: EngineEvent, at now: Timestamp) {
    switch event.body {
    case .market(let market):
      frameToDecision.note(now - event.time)
      if case .liquidation = market { liquidations &+= 1 } else { prices &+= 1 }
    case .link(let name, _, _, isUp: true, _): ups[name, default: 0] &+= 1
    case .command(let command):
      if commands.count < Self.mostCommands { commands[command.id] = event.time }
    case .answer(.notPlaced(_, .rejected(let rejection))):
      rejects[rejection.code, default: 0] &+= 1
    default: break
    }
  }

  mutating func told(_ progress: CommandProgress, at now: Timestamp) {
    guard case .finished = progress.stage,
      let begun = commands.removeValue(forKey: progress.id)
    else { return }
    commandToReply.note(now - begun)
  }

  var figures: EngineFigures {
    var figures = EngineFigures()
    figures.frameToDecision = frameToDecision
    figures.commandToReply = commandToReply
    figures.marketEvents = [
      .init(LinkName.liquidations.rawValue, liquidations), .init(LinkName.prices.rawValue, prices),
    ]
    figures.reconnects = ups.sorted { $0.key < $1.key }.map { .init($0.key.rawValue, $0.value - 1) }
    figures.rejects = rejects.sorted { $0.key < $1.key }.map { .init("\($0.key)", $0.value) }
    return figures
  }
}
