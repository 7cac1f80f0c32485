import Chat
import TradingModel

/// Everything that a command may look at, copied at one moment. A command is a function of it.
struct Scene: Sendable {
  let snapshot: EngineSnapshot
  let book: InstrumentBook
  let person: Person
  let now: Timestamp
  let words: Words
  let settings: ChatOpsSettings
  /// Empty, like the two after it, for commands whose sight is the engine.
  let health: HealthFigures
  /// Alerts that fire now.
  let firing: Int
  /// The newest rows of the command journal first.
  let recent: [CommandRow]
  /// Nil where no guard is expected.
  var guardian: GuardSight?
  /// How the control server stands; nil where there is none.
  var control: GuardSight?

  /// `Bybit`, as reports name the executing venue.
  var venue: String { snapshot.venue.title }

  func may(_ access: Access) -> Bool { access.admits(person.role) }

  func price(_ price: Price, of symbol: Symbol) -> String { book.price(price, of: symbol) }

  func quantity(_ quantity: Quantity, of symbol: Symbol) -> String {
    book.quantity(quantity, of: symbol)
  }
}
