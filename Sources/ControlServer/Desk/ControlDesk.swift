import TradingModel

/// Owns the commands that come in by HTTP: written down, handed to the bus, followed to their end
/// whether or not the caller is still there.
public actor ControlDesk {
  /// The journal may hang with the disk; the button does not.
  static let logPatience = Duration.seconds(1)
  /// Commands whose last word is remembered, whoever gave them.
  static let memory = 100

  private struct Waiter {
    let number: Int
    let id: CommandID
    let once: Once<CommandProgress.Stage>
    let isEnough: @Sendable (CommandProgress.Stage) -> Bool
  }

  private let ports: ControlPorts
  private var stages: [CommandID: CommandProgress.Stage] = [:]
  private var order: [CommandID] = []
  /// Given here and not ended; true where the log knows it.
  private var given: [CommandID: Bool] = [:]
  private var waiters: [Waiter] = []
  private var nextWaiter = 0
  private var lastNumber: Int64 = 0
  /// The newest report of a flatten of the whole account.
  private(set) var last: (report: FlattenReport, isRunning: Bool)?
  private var isOver = false

  public init(_ ports: ControlPorts) { self.ports = ports }

  /// Something given here has no end yet, or that is not written down yet.
  var isBusy: Bool { !given.isEmpty }

  /// Until cancelled, or the engine has ended.
  public func run() async {
    for await step in ports.progress { await take(step) }
    isOver = true
    let left = waiters
    waiters = []
    for waiter in left { waiter.once.resume(nil) }
  }

  /// Writes a command down and hands it to the engine.
  func give(_ command: ControlCommand) async -> CommandID {
    let log = ports.log
    let written = await answer(within: Self.logPatience, on: ports.clock) {
      await log.begin(command)
    }
    let id = (written ?? nil) ?? unrecordedID()
    given[id] = (written ?? nil) != nil
    await ports.bus.submit(
      OperatorCommand(
        id: id, deed: command.deed, by: command.by, why: command.why, at: command.at))
    return id
  }

  /// Waits for a stage of the command, or of the one that it joined.
  /// - Returns: The newest; nil when nothing was heard of it by then.
  func stage(
    of id: CommandID, within limit: Duration,
    until isEnough: @escaping @Sendable (CommandProgress.Stage) -> Bool
  ) async -> CommandProgress.Stage? {
    if let stage = stages[leader(of: id)], isEnough(stage) || isOver { return stage }
    guard !isOver else { return nil }
    let clock = ports.clock
    nextWaiter += 1
    let number = nextWaiter
    let found: CommandProgress.Stage? = await withCheckedContinuation { continuation in
      let once = Once(continuation)
      waiters.append(Waiter(number: number, id: id, once: once, isEnough: isEnough))
      Task {
        // Cancelled by nobody: it ends by itself.
        do { try await clock.sleep(for: limit) } catch { return once.resume(nil) }
        once.resume(nil)
      }
    }
    waiters.removeAll { $0.number == number }
    return found ?? stages[leader(of: id)]
  }

  // MARK: What the engine says

  private func take(_ step: CommandProgress) async {
    if stages.updateValue(step.stage, forKey: step.id) == nil { order.append(step.id) }
    if order.count > Self.memory { stages[order.removeFirst()] = nil }
    note(step.stage)
    waiters.removeAll { waiter in
      guard let stage = stages[leader(of: waiter.id)], waiter.isEnough(stage) else { return false }
      waiter.once.resume(stage)
      return true
    }
    for (id, isLogged) in given.sorted(by: { $0.key < $1.key }) {
      guard let stage = stages[leader(of: id)], case .finished(let outcome) = stage else {
        continue
      }
      if isLogged {
        let log = ports.log
        _ = await answer(within: Self.logPatience, on: ports.clock) {
          await log.end(id, outcome.ending, detail: outcome.line)
        }
      }
      given[id] = nil
    }
  }

  private func note(_ stage: CommandProgress.Stage) {
    switch stage {
    case .working(let report): note(report, isRunning: true)
    case .finished(.flattened(let report)): note(report, isRunning: false)
    case .finished: break
    }
  }

  private func note(_ report: FlattenReport, isRunning: Bool) {
    if case .close = report.cause { return }
    last = (report, isRunning)
  }

  /// The command whose report is this one's, too.
  private func leader(of id: CommandID) -> CommandID {
    var id = id
    for _ in 0..<10 {
      guard case .finished(.joined(let other))? = stages[id], other != id else { break }
      id = other
    }
    return id
  }

  /// Unlike any number of the journal's, and of those that the chat gives without it.
  private func unrecordedID() -> CommandID {
    lastNumber = max(lastNumber + 1, ports.clock.now.nanoseconds / 1000)
    return CommandID(lastNumber)
  }
}

extension CommandOutcome {
  fileprivate var ending: ControlEnding {
    switch self {
    case .flattened(let report): report.isFlat ? .done : .failed
    case .halted, .done, .allowlistChanged, .joined: .done
    case .refused: .refused
    }
  }

  /// For the journal.
  fileprivate var line: String {
    switch self {
    case .flattened(let report):
      report.isFlat
        ? "flat: \(report.items.count) closed, \(report.ordersCancelled) cancelled"
        : "not flat: " + report.left.map { "\($0.key) \($0.left)" }.joined(separator: ", ")
    case .halted, .done, .allowlistChanged: "done"
    case .joined(let other): "joined \(other)"
    case .refused(let refusal): "refused: \(refusal.words)"
    }
  }
}

extension CommandRefusal {
  /// For programs and the journal; the chat has its own.
  var words: String {
    switch self {
    case .notFlat: "not flat"
    case .accountUnknown(let why): "the account is unknown: \(why)"
    case .locked: "a stricter lock stands"
    case .nothingToUnlock: "nothing was locked"
    case .notPaused: "not paused"
    case .unknownSymbols: "unknown symbols"
    case .nothingOpen: "nothing open"
    case .notRecorded: "the store can't be written"
    }
  }
}
