import Logging
import Synchronization
import TradingModel

/// The venue's own dead man's switch: orders are cancelled when all our connections fall silent.
/// Armed at the start where the account has it; most have not.
public final class DisconnectGuard: Sendable {
  /// How long all must be silent, where the account names no window of its own.
  static let window = Duration.seconds(10)
  private static let product = "DERIVATIVES"

  private let rest: BybitREST
  private let log: Logger
  private let state = Atomic(false)

  public init(rest: BybitREST, log: Logger) {
    self.rest = rest
    self.log = log
  }

  /// Connections that are to count must listen to `dcp.future`.
  public var isArmed: Bool { state.load(ordering: .acquiring) }

  /// Asks what the account has, and switches it on. What fails leaves things as they are: stops rest
  /// on the venue with or without it.
  public func arm() async {
    do throws(VenueError) {
      let all = try await rest.disconnectProtection()
      guard let own = all.first(where: { $0.product == Self.product }) else {
        return log.info("the account has no protection against a lost connection")
      }
      let window = own.window > .zero ? own.window : Self.window
      if !own.isOn { try await rest.setDisconnectProtection(window: window) }
      state.store(true, ordering: .releasing)
      log.notice(
        "orders are cancelled when the connection is lost",
        metadata: ["after": "\(window.wholeSeconds) s"])
    } catch {
      log.warning(
        "the protection against a lost connection is not armed", metadata: ["error": "\(error)"])
    }
  }
}
