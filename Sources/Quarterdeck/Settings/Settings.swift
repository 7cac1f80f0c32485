import ControlServer
import EngineCore
import Journal
import Risk
import Simulation
import Strategies
import TradingModel
import Transport

/// Everything that `config/` says, checked as a whole before anything starts.
struct Settings: Sendable {
  enum Mode: String, CaseIterable, Sendable { case paper, live }
  enum ChatService: String, CaseIterable, Sendable { case telegram, terminal }

  /// Base addresses, without the paths that a client appends.
  struct Endpoints: Sendable, Hashable {
    var telegram = "https://api.telegram.org"
    /// Nil is what the environment stands for.
    var bybitREST: String?
    var bybitWebSocket: String?
    var binanceREST: String?
    var binanceWebSocket: String?
  }

  var mode: Mode = .paper
  var venue: Venue = .bybit
  var environment: VenueEnvironment = .mainnet
  var endpoints = Endpoints()
  /// As far as the file says; the environment fills in the rest.
  var network = NetworkSettings()
  var chat: ChatService = .telegram
  var paper = PaperParameters()
  var stateFolder = "state"
  /// The files for other programs that lie elsewhere.
  var stateFilesElsewhere = StateFilesElsewhere()
  var guardian = GuardSettings()
  var protectsManual = false
  /// Leverage is set per symbol and read back; otherwise it stays as it was set by hand.
  var setsLeverage = true
  /// The red button over HTTP.
  var control = ControlSettings()
  /// How patiently a flatten goes about it.
  var timings = EngineTimings()
  /// Symbols that nothing but a panic asked to include them may touch.
  var longTerm: [Symbol] = []
  var risk = RiskSettings()
  /// Nil when the engine is off.
  var liquidation: LiquidationSettings? = LiquidationSettings()
  /// The least size of an entry, in base units, above the venue's own minimum.
  var minimumSizes: [Symbol: Quantity] = [:]
  /// The list before the journal knows one.
  var allowlist: [Symbol] = []

  /// The world around the bot is one of ours: no money is real, whatever the mode.
  var isDemo = false

  /// The usual names in the state folder, but for what lies elsewhere.
  var stateFilePaths: StateFilePaths { stateFilesElsewhere.paths(in: stateFolder) }

  /// The account's place: `live bybit mainnet`.
  var account: String { "\(mode.rawValue) \(venue.rawValue) \(environment.rawValue)" }

  /// Real orders want a guard, unless the settings say otherwise. A console has none.
  var expectsGuard: Bool {
    guardian.isExpected ?? (mode == .live && environment != .loopback && chat == .telegram)
  }

  /// The first line of every screen: `paper · mainnet`.
  var label: String { "\(isDemo ? "demo" : mode.rawValue) · \(environment.rawValue)" }
}
