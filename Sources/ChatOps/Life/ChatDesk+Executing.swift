import Chat
import TradingModel

extension ChatDesk {
  /// How long the engine may be silent before the message says so.
  static let patience: Duration = .seconds(30)
  /// Edits of one message are at least that far apart; the last is never held back.
  static let editPace: Duration = .seconds(2)

  /// Writes a confirmed deed down and hands it to the engine.
  ///
  /// Close, kill and panic are done even when they can't be written down, and say so.
  func execute(
    _ deed: OperatorCommand.Deed, row: CommandRow, person: Person, nonce: String?,
    isUndo: Bool = false
  ) async {
    var row = row
    row.deed = DeedText.text(of: deed)
    row.stage = .confirmed
    var isRecorded = await record(&row)
    row.stage = .executing
    if isRecorded { isRecorded = await record(&row) }
    guard isRecorded || deed.isUrgent else {
      return await refuseUnrecorded(row, nonce: nonce)
    }
    if row.number == 0 { row.number = unrecordedNumber() }
    await submit(
      RunningCommand(
        row: row, deed: deed, person: person, nonce: nonce, isUndo: isUndo,
        isRecorded: isRecorded, pending: deed.flattens ? .begun : nil), isResumed: false)
  }

  func submit(_ command: RunningCommand, isResumed: Bool) async {
    let id = CommandID(command.row.number)
    running[id] = command
    await alerts.expect(
      id,
      GivenCommands.Given(
        deed: command.deed, name: command.person.name,
        chats: [command.row.address.chat, command.person.chat], at: now))
    courier.react(to: command.row.request, .executing)
    if command.pending != nil { later.add(.flush(id), at: now) }
    later.add(.overdue(id), at: now + Self.patience)
    await ports.bus.submit(
      OperatorCommand(
        id: id, deed: command.deed, by: command.person.name,
        // What it did before the crash is looked for from there on.
        at: isResumed ? Timestamp(milliseconds: command.row.receivedAt) : now,
        isResumed: isResumed))
  }

  /// Unique and far above the journal's own numbers.
  private func unrecordedNumber() -> Int64 {
    lastUnrecorded = max(lastUnrecorded + 1, now.milliseconds)
    return lastUnrecorded
  }

  private func refuseUnrecorded(_ row: CommandRow, nonce: String?) async {
    let text = words(.refusedNotRecorded)
    if let nonce { offers.note(outcome: text, for: nonce) }
    courier.react(to: row.request, .failed)
    do {
      _ = try await present(
        Screen([text]), at: row.address, editing: row.answer, replyingTo: row.request,
        lane: .answer, isSilent: true, binding: nil)
    } catch {
      // Nothing was done, and the mark on the message says so.
    }
  }

  // MARK: What the engine says

  func take(_ progress: CommandProgress) {
    guard let command = running[progress.id] else { return }
    let stage: RunningCommand.Stage
    switch progress.stage {
    case .working(let report): stage = .working(report)
    case .finished(.joined(let other)) where other != progress.id && running[other] != nil:
      running[other]?.followers.append(progress.id)
      stage = .joined
    case .finished(let outcome): stage = .finished(outcome, at: progress.at)
    }
    for id in [progress.id] + command.followers where running[id]?.pending?.isFinal != true {
      running[id]?.pending = stage
      running[id]?.wasHeard = true
      later.add(.flush(id), at: now)
    }
  }

  /// Shows the newest of a command in its message, one edit at a time.
  func flush(_ id: CommandID) async {
    guard let command = running[id], !command.isEditing, let stage = command.pending else {
      return
    }
    if !stage.isFinal, let edited = command.editedAt, now < edited + Self.editPace {
      return later.add(.flush(id), at: edited + Self.editPace)
    }
    running[id]?.isEditing = true
    running[id]?.pending = nil
    if case .finished(let outcome, let time) = stage {
      await finish(id, outcome, at: time)
      return
    }
    let scene = await scene(for: command.person)
    let report = CommandReport(command, in: scene)
    let screen =
      switch stage {
      case .working(let progress): report.working(progress)
      case .joined: Screen([words(.joined)])
      case .begun, .finished: report.begun
      }
    do {
      let shown = try await present(
        screen, at: command.row.address, editing: command.row.answer,
        replyingTo: command.row.request, lane: lane(of: command.deed, isFinal: false),
        isSilent: true, binding: nil)
      await note(shown.message, for: id)
    } catch {
      // The next stage shows more; the last one does not get lost.
    }
    running[id]?.isEditing = false
    running[id]?.editedAt = now
    if running[id]?.pending != nil { later.add(.flush(id), at: now) }
  }

  /// The message that shows the command, kept so that it goes on there after a crash.
  private func note(_ message: MessageRef, for id: CommandID) async {
    guard var row = running[id]?.row, row.answer != message else { return }
    row.answer = message
    running[id]?.row = row
    await record(&row)
  }

  private func finish(_ id: CommandID, _ outcome: CommandOutcome, at time: Timestamp) async {
    guard var command = running[id] else { return }
    let scene = await scene(for: command.person)
    var (screen, ending) = CommandReport(command, in: scene).finished(outcome, at: time)
    command.row.stage = .verified
    command.row.detail = screen.plainText
    let isRecorded = await record(&command.row)
    if !(isRecorded && command.isRecorded), !screen.plainText.contains(words(.notRecordedNote)) {
      screen = screen.adding([words(.notRecordedNote)])
    }
    if let nonce = command.nonce { offers.note(outcome: screen.firstLine, for: nonce) }
    await report(screen, of: command)
    command.row.stage =
      switch ending {
      case .done: .reported
      case .refused: .refused
      case .failed: .failed
      }
    await record(&command.row)
    courier.react(
      to: command.row.request, ending == .done ? .done : ending == .refused ? .refused : .failed)
    // Those who joined while this one was being reported.
    for follower in running[id]?.followers ?? [] where running[follower]?.pending?.isFinal != true {
      running[follower]?.pending = .finished(outcome, at: time)
      later.add(.flush(follower), at: now)
    }
    running[id] = nil
  }

  /// The final report: in the command's message, else through the outbox, so that it is not lost.
  private func report(_ screen: Screen, of command: RunningCommand) async {
    let undo = OfferBook.Binding(
      row: command.row, person: command.person, digest: nil, expiresAt: now + Self.undoLifetime,
      lifetime: Self.undoLifetime, notDone: .notDone)
    do {
      _ = try await present(
        screen, at: command.row.address, editing: command.row.answer,
        replyingTo: command.row.request, lane: lane(of: command.deed, isFinal: true),
        isSilent: true, binding: undo)
    } catch {
      let nonce = nonce()
      offers.add(
        OfferBook.Offer(
          choices: screen.choices, chat: command.row.address.chat, binding: undo), nonce: nonce)
      let entry = OutboxEntry(
        address: command.row.address, reply: screen.reply(nonce: nonce, isSilent: true),
        lane: .answer, key: "command/\(command.row.number)", editing: command.row.answer,
        createdAt: now.milliseconds)
      await sender.post([entry], event: (kind: "command", detail: screen.firstLine))
    }
  }

  /// The engine has not said a word: the person is told, and the command goes on waiting.
  func remind(_ id: CommandID) async {
    guard let command = running[id], !command.wasHeard, !command.isEditing else { return }
    running[id]?.isEditing = true
    do {
      let shown = try await present(
        Screen([words(.engineSilent, ["age": words.age(Self.patience)])]),
        at: command.row.address, editing: command.row.answer, replyingTo: command.row.request,
        lane: .answer, isSilent: false, binding: nil)
      await note(shown.message, for: id)
    } catch {
      // The final report follows by the outbox.
    }
    running[id]?.isEditing = false
    if running[id]?.pending != nil { later.add(.flush(id), at: now) }
  }

  private func lane(of deed: OperatorCommand.Deed, isFinal: Bool) -> ChatLane {
    switch deed {
    case .panic, .panicWithLongterm, .kill(flatten: true): isFinal ? .urgent : .edit
    default: isFinal ? .answer : .edit
    }
  }
}
