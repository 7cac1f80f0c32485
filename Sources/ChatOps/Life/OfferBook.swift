import Chat
import TradingModel

/// Buttons that were shown, until they are used, expire or are pushed out by newer ones.
struct OfferBook {
  static let limit = 500

  /// What a preview rests on.
  struct Binding: Sendable {
    var row: CommandRow
    let person: Person
    let digest: StateDigest?
    var expiresAt: Timestamp
    let lifetime: Duration
    /// Its own words for "Not closed".
    let notDone: Phrase
  }

  struct Offer: Sendable {
    let choices: [[Choice]]
    let chat: ChatID
    /// Nil until the message is known to stand there.
    var message: MessageRef?
    /// Nil for buttons that only open something.
    var binding: Binding?
    /// Set by the first binding tap: what a second one is told.
    var outcome: String?
  }

  private var offers: [String: Offer] = [:]
  private var order: [String] = []

  subscript(nonce: String) -> Offer? { offers[nonce] }

  mutating func add(_ offer: Offer, nonce: String) {
    if offers.updateValue(offer, forKey: nonce) == nil { order.append(nonce) }
    if order.count > Self.limit { offers[order.removeFirst()] = nil }
  }

  mutating func place(_ message: MessageRef, for nonce: String) { offers[nonce]?.message = message }
  mutating func bind(_ binding: Binding, for nonce: String) { offers[nonce]?.binding = binding }
  mutating func note(outcome: String, for nonce: String) { offers[nonce]?.outcome = outcome }

  mutating func remove(_ nonce: String) {
    offers[nonce] = nil
    order.removeAll { $0 == nonce }
  }

  // MARK: Button data

  /// `n:NONCE:INDEX` for what lives here; `g:NAME` and `e:NAME` for commands without arguments,
  /// which need no memory and work after a restart: new message, or edit in place.
  static func data(for action: Action, nonce: String, index: Int) -> String {
    if case .open(let command, "", let inPlace) = action {
      return "\(inPlace ? "e" : "g"):\(command)"
    }
    return "n:\(nonce):\(index)"
  }

  enum Tapped: Equatable {
    case command(String, inPlace: Bool)
    case choice(nonce: String, index: Int)
  }

  static func parse(_ data: String) -> Tapped? {
    let parts = data.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch (parts.first, parts.count) {
    case ("g", 2): return .command(parts[1], inPlace: false)
    case ("e", 2): return .command(parts[1], inPlace: true)
    case ("n", 3): return Int(parts[2]).map { .choice(nonce: parts[1], index: $0) }
    default: return nil
    }
  }
}

extension Screen {
  /// With its buttons' data filled in.
  func reply(nonce: String, isSilent: Bool) -> Reply {
    var index = 0
    let buttons = choices.map { row in
      row.map { choice in
        defer { index += 1 }
        return Button(
          choice.label, data: OfferBook.data(for: choice.action, nonce: nonce, index: index),
          style: choice.style)
      }
    }
    return Reply(blocks, buttons: buttons, isSilent: isSilent)
  }

  /// Some button leads back to memory.
  var needsOffer: Bool {
    choices.joined().contains { OfferBook.data(for: $0.action, nonce: "", index: 0).first == "n" }
  }
}
