import Chat
import TradingModel

/// Something that was seen to happen, with the bot or at the venue: what invariants judge by, what
/// the digest of a day is made of, and what is printed when one is broken.
///
/// They are told in the true order, at the true time. What happens at the venue is the venue's truth,
/// whether the bot has heard of it or not.
public enum Happening {
  // The process
  /// A life began; it was handed this.
  case started(RestoredState)
  /// The process was killed; true when its journal is lost, too.
  case killed(losingJournal: Bool)

  // At the venue
  /// An order left the bot for the venue, whether it arrives or not.
  case leaves(OrderRequest)
  /// An order reached the venue: what the venue made of it.
  case order(OrderRequest, refused: VenueError?)
  /// The stop and target of a position were to be changed; the position before.
  case protection(ProtectionChange, before: Position?, refused: VenueError?)
  case cancel(OrderReference)
  case cancelAll(Symbol?, keepingProtection: Bool, count: Int)
  /// The bot was told every execution from then on, as the venue had them at a moment.
  case fillsRead(since: Timestamp, at: Timestamp)
  /// The venue filled an order, ours or not.
  case fill(Fill)
  /// A person traded at the venue, past the bot.
  case byHand(Symbol, String)
  /// Money came in, or went out.
  case transfer(Notional)

  // In the store
  /// The desk has noted that this is about to be sent.
  case intent(OrderRequest, SignalID?)
  case committed(JournalRecord)
  case command(CommandRow)

  // In the chat
  case said(PersonID, String)
  case tapped(PersonID, String)
  case shown(MessageRef, isEdit: Bool, isOfOutbox: Bool)
  case outbox(OutboxEntry, OutboxStep)

  /// A command was handed to the engine, or the engine told how it goes.
  case submitted(OperatorCommand)
  case progress(CommandProgress)
  case alert(Alert)

  /// A fault was played.
  case fault(Fault)
}

/// What became of a message in the outbox.
public enum OutboxStep: Sendable, Hashable {
  case written
  case delivered(MessageRef)
  case repeated
  case dropped(String)
}

extension Happening: CustomStringConvertible {
  public var description: String {
    switch self {
    case .started(let state):
      "the bot starts: boot \(state.boot), locks \(state.locks.map { "\($0.kind)" })"
    case .killed(let isLost): "the bot is killed" + (isLost ? ", its journal is lost" : "")
    case .leaves(let order): "desk sends \(order.words)"
    case .order(let order, let error):
      "venue ← \(order.words)" + (error.map { ": refused, \($0)" } ?? "")
    case .protection(let change, _, let error):
      "venue ← protect \(change.key) \(change.side.rawValue) stop \(text(change.stop)) target "
        + "\(text(change.target))" + (error.map { ": refused, \($0)" } ?? "")
    case .cancel(let order):
      "venue ← cancel \(order.symbol) \(order.id?.text ?? order.venueID ?? "")"
    case .cancelAll(let symbol, let keeping, let count):
      "venue ← cancel all of \(symbol?.name ?? "the account")"
        + (keeping ? " but protection" : "") + ": \(count)"
    case .fill(let fill):
      "venue fills \(fill.orderID) \(fill.symbol) \(fill.side.rawValue) \(fill.quantity) at "
        + "\(fill.price), closing \(fill.closedQuantity), \(fill.role.rawValue)"
    case .fillsRead(let start, _): "executions since \(start.clockText) are read"
    case .byHand(let symbol, let what): "by hand: \(symbol) \(what)"
    case .transfer(let amount): "transfer of \(amount) USDT"
    case .intent(let order, let signal):
      "desk means to send \(order.words)" + (signal.map { " for \($0)" } ?? "")
    case .committed(let record): "journal ← \(record.words)"
    case .command(let row):
      "command \(row.number) /\(row.name) \(row.arguments): \(row.stage.rawValue)"
    case .said(let person, let text): "person \(person) says \(text)"
    case .tapped(let person, let data): "person \(person) taps \(data)"
    case .shown(let message, let isEdit, _):
      "chat \(message.chat) \(isEdit ? "edits" : "shows") message \(message.message)"
    case .outbox(let entry, let step): "outbox \(entry.id) \(entry.key): \(step)"
    case .submitted(let command): "engine ← command \(command.id) \(command.deed)"
    case .progress(let step): "command \(step.id): \(step.words)"
    case .alert(let alert): "alert \(alert.severity): \(alert.news)"
    case .fault(let fault): "fault: \(fault)"
    }
  }

  private func text(_ price: Price?) -> String { price?.description ?? "–" }
}

extension OrderRequest {
  /// `liq-3-1 BTCUSDT buy 0.012 stop 63000`.
  var words: String {
    "\(id) \(symbol) \(side.rawValue) \(quantity)" + (reduceOnly ? " reduce-only" : "")
      + (stop.map { " stop \($0)" } ?? "")
  }
}

extension CommandProgress {
  fileprivate var words: String {
    switch stage {
    case .working(let report): "working, \(report.items.count) positions"
    case .finished(.flattened(let report)): "finished, \(report.isFlat ? "flat" : "not flat")"
    case .finished(let outcome): "finished, \(outcome)"
    }
  }
}
