import Chat
import TradingModel

extension ChatDesk {
  /// A button was tapped. It passes the same gate as a typed command, by the id of who taps.
  func feel(_ tap: IncomingTap, update: Int64) async {
    guard let person = await people.person(tap.sender.id) else {
      await meet(tap.sender)
      guard rate.note(tap.sender.id, at: now) == .pass else { return }
      await refuseTap(tap, update: update, why: "stranger")
      return
    }
    guard let message = tap.ref, tap.kind == .direct || settings.groups.contains(message.chat)
    else {
      await refuseTap(tap, update: update, why: "chat")
      return courier.answer(tap: tap.id, words(.toastOldButton))
    }
    switch OfferBook.parse(tap.data) {
    case .command(let name, let inPlace):
      courier.answer(tap: tap.id)
      await open(name, "", inPlace: inPlace, tap, message, person, update: update)
    case .choice(let nonce, let index):
      guard let offer = offers[nonce], offer.chat == message.chat,
        offer.message == nil || offer.message == message,
        let choice = Array(offer.choices.joined())[at: index]
      else {
        await refuseTap(tap, update: update, why: "unknown button")
        return courier.answer(tap: tap.id, words(.toastOldButton))
      }
      if case .open(let name, let arguments, let inPlace) = choice.action {
        courier.answer(tap: tap.id)
        await open(name, arguments, inPlace: inPlace, tap, message, person, update: update)
      } else {
        await decide(choice.action, nonce: nonce, offer, tap, message, person, update: update)
      }
    case nil:
      await refuseTap(tap, update: update, why: "unreadable button")
      courier.answer(tap: tap.id, words(.toastOldButton))
    }
  }

  private func open(
    _ name: String, _ arguments: String, inPlace: Bool, _ tap: IncomingTap,
    _ message: MessageRef, _ person: Person, update: Int64
  ) async {
    await obey(
      Request(
        update: update, person: person, address: ChatAddress(message.chat, topic: tap.topic),
        kind: tap.kind, message: nil, place: inPlace ? message : nil, name: name,
        arguments: arguments), sentAt: nil)
  }

  /// A tap that decides something: once, by the right person, in time, on an unchanged state.
  private func decide(
    _ action: Action, nonce: String, _ offer: OfferBook.Offer, _ tap: IncomingTap,
    _ message: MessageRef, _ person: Person, update: Int64
  ) async {
    if let outcome = offer.outcome { return courier.answer(tap: tap.id, outcome) }
    guard let binding = offer.binding else {
      return courier.answer(tap: tap.id, words(.toastOldButton))
    }
    let isOwner = tap.kind == .group && person.role == .owner
    guard person.id == binding.person.id || isOwner else {
      await refuseTap(tap, update: update, name: binding.row.name, why: "not the issuer")
      return courier.answer(
        tap: tap.id, words(.toastOnlyIssuer, ["name": binding.person.name]))
    }
    guard CommandCatalog.command(named: binding.row.name)?.access.admits(person.role) == true
    else {
      await refuseTap(tap, update: update, name: binding.row.name, why: "role")
      return courier.answer(tap: tap.id, words(.toastOldButton))
    }
    guard now < binding.expiresAt else {
      courier.answer(tap: tap.id, words(.toastTooLate))
      if binding.digest != nil { await expire(nonce) }
      return
    }
    // Spent before the first await: a second tap finds it so.
    offers.note(outcome: words(.toastUnderWay), for: nonce)
    courier.answer(tap: tap.id)
    switch action {
    case .open: break
    case .keep:
      let text = words(.kept, ["what": words(binding.notDone)])
      await void(nonce, text, stage: .notDone, offersAgain: false)
    case .confirm(let deed):
      if let digest = binding.digest, let change = digest.change(in: await ports.bus.snapshot()) {
        let text = await sentence(for: change, binding)
        return await void(nonce, text, stage: .expired)
      }
      var row = binding.row
      row.answer = message
      await execute(deed, row: row, person: person, nonce: nonce)
    case .undo(let deed):
      var row = Request(
        update: update, person: person, address: ChatAddress(message.chat, topic: tap.topic),
        kind: tap.kind, message: nil, place: nil, name: deed.typed.name,
        arguments: deed.typed.arguments
      ).row(at: now)
      await record(&row)
      await execute(deed, row: row, person: person, nonce: nonce, isUndo: true)
    }
  }

  /// `Not closed: BTCUSDT is 0.180 now, it was 0.120.`
  private func sentence(
    for change: StateDigest.Change, _ binding: OfferBook.Binding
  ) async -> String {
    let book = InstrumentBook(await ports.bus.instruments())
    let what = words(binding.notDone)
    return switch change {
    case .locks(let locks):
      words(
        .notDoneLocks,
        [
          "what": what,
          "locks": locks.isEmpty
            ? words(.none) : locks.reversed().map { words.word($0) }.joined(separator: ", "),
        ])
    case .gone(let key): words(.notDoneGone, ["what": what, "position": key.description])
    case .opened(let key): words(.notDoneOpened, ["what": what, "position": key.description])
    case .size(let key, let was, let now):
      words(
        .notDoneSize,
        [
          "what": what, "position": key.description,
          "now": book.quantity(now, of: key.symbol), "was": book.quantity(was, of: key.symbol),
        ])
    }
  }

  /// A tap that may not: a row, like every command that may not.
  private func refuseTap(
    _ tap: IncomingTap, update: Int64, name: String = "tap", why: String
  ) async {
    var row = CommandRow(
      update: update, person: tap.sender.id, personName: String(tap.sender.name.prefix(40)),
      address: ChatAddress(tap.ref?.chat ?? ChatID(tap.sender.id.number), topic: tap.topic),
      request: nil, answer: tap.ref, name: name, arguments: "", stage: .refused, detail: why,
      receivedAt: now.milliseconds, changedAt: now.milliseconds)
    await record(&row)
  }
}

extension Array {
  subscript(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
