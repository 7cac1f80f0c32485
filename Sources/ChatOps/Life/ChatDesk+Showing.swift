import Chat
import TradingModel

extension ChatDesk {
  static let undoLifetime: Duration = .minutes(5)

  /// Writes a row's newest stage; the first time, the row itself.
  /// - Returns: Whether it is in the journal.
  @discardableResult
  func record(_ row: inout CommandRow) async -> Bool {
    row.changedAt = now.milliseconds
    do {
      if row.number == 0 {
        row.number = try await ports.log.add(row)
      } else {
        try await ports.log.update(row)
      }
      return true
    } catch {
      return false
    }
  }

  /// Shows a screen where the request asks for it.
  /// - Returns: Whether it stands there.
  @discardableResult
  func show(_ screen: Screen, for request: Request) async -> Bool {
    do {
      _ = try await present(
        screen, at: request.address, editing: request.place, replyingTo: request.message,
        lane: .answer, isSilent: true, binding: nil)
      return true
    } catch {
      return false
    }
  }

  func refuse(
    _ screen: Screen, _ request: Request, _ row: CommandRow, stage: CommandStage = .refused
  ) async {
    var row = row
    row.stage = stage
    row.detail = screen.plainText
    await record(&row)
    courier.react(to: request.message, .refused)
    await show(screen, for: request)
  }

  /// Draws a screen, gives its buttons their data, and sends it or edits what stands there.
  func present(
    _ screen: Screen, at address: ChatAddress, editing place: MessageRef?,
    replyingTo: MessageRef?, lane: ChatLane, isSilent: Bool, binding: OfferBook.Binding?
  ) async throws(ChatError) -> (message: MessageRef, nonce: String) {
    let nonce = nonce()
    let screen = settings.isGuard ? screen.inGuard : screen
    // Given by another way than the chat: what it led to is told by alerts and by that way itself.
    if address.chat == .none { return (MessageRef(chat: .none, message: 0), nonce) }
    if screen.needsOffer {
      // Before it is sent: a tap may come back before the call does.
      offers.add(
        OfferBook.Offer(choices: screen.choices, chat: address.chat, binding: binding),
        nonce: nonce)
    }
    let reply = screen.reply(nonce: nonce, isSilent: isSilent)
    do throws(ChatError) {
      let message = try await deliver(
        reply, at: address, editing: place, replyingTo: replyingTo, lane: lane)
      offers.place(message, for: nonce)
      return (message, nonce)
    } catch {
      offers.remove(nonce)
      throw error
    }
  }

  private func deliver(
    _ reply: Reply, at address: ChatAddress, editing place: MessageRef?, replyingTo: MessageRef?,
    lane: ChatLane
  ) async throws(ChatError) -> MessageRef {
    if let place {
      do throws(ChatError) {
        try await ports.chat.edit(place, to: reply, lane: lane)
        return place
      } catch ChatError.gone {
        // Deleted or too old: it is said below.
      }
    }
    return try await ports.chat.send(reply, to: address, replyingTo: replyingTo, lane: lane)
  }

  /// Shows what a command would do. What can't be shown is not executed.
  func preview(
    _ screen: Screen, _ digest: StateDigest, of type: any ChatCommand.Type, _ request: Request,
    _ row: CommandRow
  ) async {
    guard case .preview(let lifetime) = type.confirmation else { return }
    var row = row
    var binding = OfferBook.Binding(
      row: row, person: request.person, digest: digest, expiresAt: now + lifetime,
      lifetime: lifetime, notDone: type.notDone)
    do {
      let shown = try await present(
        screen, at: request.address, editing: request.place, replyingTo: request.message,
        lane: type.pace == .emergency ? .urgent : .answer, isSilent: !request.isLate,
        binding: binding)
      row.stage = .previewed
      row.answer = shown.message
      binding.row = row
      binding.expiresAt = now + lifetime
      // A tap that was quicker than this has spent the offer already.
      guard offers[shown.nonce]?.outcome == nil else { return }
      offers.bind(binding, for: shown.nonce)
      later.add(.expire(nonce: shown.nonce), at: binding.expiresAt)
      await record(&row)
    } catch {
      // Cut off by the end of the process: the next one shows it.
      guard !Task.isCancelled else { return }
      row.stage = .failed
      row.detail = "\(error)"
      await record(&row)
      courier.react(to: request.message, .failed)
    }
  }

  /// The lifetime of a preview is over: the message says so, and its buttons go.
  func expire(_ nonce: String) async {
    guard let offer = offers[nonce], let binding = offer.binding, offer.outcome == nil,
      now >= binding.expiresAt
    else { return }
    let text = words(
      .notDoneExpired,
      ["what": words(binding.notDone), "age": words.age(binding.lifetime)])
    await void(nonce, text, stage: .expired)
  }

  /// Ends a preview without doing anything.
  func void(_ nonce: String, _ text: String, stage: CommandStage, offersAgain: Bool = true) async {
    guard let binding = offers[nonce]?.binding else { return }
    offers.note(outcome: text, for: nonce)
    var row = binding.row
    row.stage = stage
    row.detail = text
    await record(&row)
    courier.react(to: row.request, .refused)
    let again = Choice(words(.buttonShowAgain), .turn(row.name, row.arguments))
    let screen = Screen([text], choices: offersAgain ? [[again]] : [])
    do {
      _ = try await present(
        screen, at: row.address, editing: row.answer, replyingTo: row.request, lane: .edit,
        isSilent: true, binding: nil)
    } catch {
      // The buttons that still stand there are void; a tap is told so.
    }
  }
}
