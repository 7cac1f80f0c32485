import Logging
import TradingModel
import Transport

/// Reads the user data stream, on its loop.
final class UserHandler: WebSocketHandler {
  private let reader = JSONReader()
  private let socket: WebSocket
  private let memory: AccountMemory
  private let log: Logger
  private let publish: @Sendable (VenueEvent) -> Void
  private let walletChanged: @Sendable () -> Void
  private var pulse: LinkPulse
  private var isConfirmed: Bool

  /// - Parameters:
  ///   - isRelief: An older connection still speaks: nothing was missed.
  ///   - walletChanged: Called when balances changed: the stream does not tell what is free.
  init(
    socket: WebSocket, isRelief: Bool, memory: AccountMemory, clock: any WallClock, log: Logger,
    publish: @escaping @Sendable (VenueEvent) -> Void,
    walletChanged: @escaping @Sendable () -> Void = {}
  ) {
    self.walletChanged = walletChanged
    self.socket = socket
    self.memory = memory
    self.log = log
    self.publish = publish
    pulse = LinkPulse(links: [.account], of: .binance, isUp: true, clock: clock, publish: publish)
    isConfirmed = isRelief
    guard !isRelief else { return }
    // The answer says that the venue's end of the stream stands.
    do throws(WebSocketError) {
      try socket.send(#"{"method":"LIST_SUBSCRIPTIONS","id":1}"#)
    } catch {
      log.warning("the user stream takes nothing", metadata: ["error": "\(error)"])
    }
  }

  private func confirm() {
    guard !isConfirmed else { return }
    isConfirmed = true
    // What happened before this moment was not told: it must be read.
    memory.forgetHoldings()
    publish(.link(.account, isUp: true, detail: ""))
    publish(.accountGap)
  }

  func received(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) -> Bool {
    pulse.beat()
    do throws(JSONError) {
      try reader.read(bytes) { root throws(JSONError) in
        take(try UserEvent(root.value, memory: memory))
      }
      return true
    } catch {
      log.warning("a frame of the account can't be read", metadata: ["error": "\(error)"])
      // What it said is not known: the account must be read.
      memory.forgetHoldings()
      publish(.accountGap)
      return false
    }
  }

  private func take(_ event: UserEvent) {
    switch event {
    case .order(let order, let fill):
      // The execution first: who hears that an order ended knows what became of it.
      if let fill { publish(.account(.fill(memory.note(fill)))) }
      publish(.account(.order(order)))
    case .algoOrder(let order):
      memory.hear(order)
      publish(.account(.order(order.order)))
    case .account(let slots, let moved, let time):
      for slot in slots {
        memory.set(slot.position, at: slot.key, since: time)
        publish(.account(.position(slot.key, slot.position, at: time)))
      }
      if let moved { publish(.account(.transfer(moved, at: time))) }
      walletChanged()
    case .leverage(let symbol, let leverage): memory.setLeverage(leverage, of: symbol)
    case .multiAssets:
      memory.forgetSettings()
      publish(.accountGap)
    case .marginCall(let keys):
      log.error(
        "Binance calls for margin",
        metadata: ["positions": "\(keys.map(\.description).joined(separator: ", "))"])
      publish(.accountGap)
    case .expired:
      log.warning("the listen key has expired")
      socket.close()
    case .answer(let refusal):
      if let refusal {
        log.warning("Binance refused on the user stream", metadata: ["reason": "\(refusal)"])
      }
      confirm()
    case .earlyTrade, .ignored: return
    }
  }
}
