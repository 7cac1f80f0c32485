import Chat
import TradingModel

extension ChatDesk {
  /// A close, kill or panic that old is not finished without being asked for again.
  static let recoveryAge: Duration = .minutes(15)

  /// Ends or takes up what the last run left unfinished.
  /// - Returns: The updates whose commands have been dealt with that way.
  func recover() async -> [(update: Int64, request: MessageRef?)] {
    let rows: [CommandRow]
    do { rows = try await ports.log.unfinished() } catch { return [] }
    var dealtWith: [(update: Int64, request: MessageRef?)] = []
    for row in rows {
      // Received only: nothing was shown or done, so its update is handled afresh.
      if row.stage != .received { dealtWith.append((row.update, row.request)) }
      await recover(row)
    }
    return dealtWith
  }

  private func recover(_ row: CommandRow) async {
    let type = CommandCatalog.command(named: row.name)
    let what = words(type?.notDone ?? .notDone)
    switch row.stage {
    case .received: await end(row, .notDone, nil)
    case .previewed:
      await end(row, .expired, words(.notDoneRestarted, ["what": what]))
    case .confirmed, .executing:
      guard let deed = row.deed.flatMap(DeedText.deed(from:)) else {
        return await end(row, .unknown, words(.unknownAfterRestart, ["command": typed(row)]))
      }
      let age = now - Timestamp(milliseconds: row.changedAt)
      if deed.isUrgent, age < Self.recoveryAge {
        await takeUp(row, deed)
      } else if row.stage == .confirmed {
        await end(row, .notDone, words(.notDoneRestarted, ["what": what]))
      } else {
        await end(row, .unknown, words(.unknownAfterRestart, ["command": typed(row)]))
      }
    case .verified: await end(row, .reported, row.detail, offersAgain: false)
    default: break
    }
  }

  /// Goes on with the same number, so that what is done already is not done twice, and in the same
  /// message.
  private func takeUp(_ row: CommandRow, _ deed: OperatorCommand.Deed) async {
    var row = row
    row.stage = .executing
    let isRecorded = await record(&row)
    let person = Person(
      id: row.person ?? PersonID(0), name: row.personName, role: .operator,
      chat: row.address.chat, since: 0)
    await submit(
      RunningCommand(
        row: row, deed: deed, person: person, nonce: nil, isUndo: false,
        isRecorded: isRecorded, pending: deed.flattens ? .begun : nil), isResumed: true)
  }

  private func end(
    _ row: CommandRow, _ stage: CommandStage, _ text: String?, offersAgain: Bool = true
  ) async {
    var row = row
    row.stage = stage
    if let text {
      row.detail = text
      let again = Choice(words(.buttonShowAgain), .turn(row.name, row.arguments))
      let screen = Screen(
        text.split(separator: "\n").map(String.init), choices: offersAgain ? [[again]] : [])
      do {
        _ = try await present(
          screen, at: row.address, editing: row.answer, replyingTo: row.request, lane: .answer,
          isSilent: true, binding: nil)
      } catch {
        let entry = OutboxEntry(
          address: row.address, reply: Reply(lines: [text], isSilent: true), lane: .answer,
          key: "command/\(row.number)", editing: row.answer, createdAt: now.milliseconds)
        await sender.post([entry], event: (kind: "command", detail: text))
      }
    }
    await record(&row)
  }

  private func typed(_ row: CommandRow) -> String {
    row.arguments.isEmpty ? "/\(row.name)" : "/\(row.name) \(row.arguments)"
  }

  /// Updates that were committed but not handled when the last run ended.
  func catchUp(skipping dealtWith: [(update: Int64, request: MessageRef?)]) async {
    let waiting: [ChatUpdate]
    do { waiting = try await ports.ledger.unhandled() } catch { return }
    var ended: [CommandRow] = []
    do { ended = try await ports.log.latest(200).filter { $0.stage.isEnd } } catch {
      // Without the journal, staleness alone decides.
    }
    for update in waiting {
      let request: MessageRef? =
        if case .message(let message) = update.body { message.ref } else { nil }
      let isDone =
        request != nil
        && (dealtWith.contains { $0.update == update.id && $0.request == request }
          || ended.contains {
            $0.update == update.id && $0.request == request && $0.stage != .notDone
          })
      if isDone {
        do { try await ports.ledger.markHandled(update) } catch {
          // It is found and skipped again at the next start.
        }
      } else {
        await handle(update)
      }
    }
  }
}
