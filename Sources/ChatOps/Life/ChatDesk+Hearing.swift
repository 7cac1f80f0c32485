import Chat
import TradingModel

extension ChatDesk {
  /// A message came in. Only a command at its start counts; bare words never do.
  func hear(_ message: IncomingMessage, update: Int64) async {
    let person =
      if let sender = message.sender { await people.person(sender.id) } else {
        Person?.none
      }
    if message.kind == .direct { await sender.park(message.ref.chat, isParked: false) }
    guard let typed = message.command else {
      if message.kind == .direct, person == nil, let sender = message.sender {
        await meet(sender)
      }
      return
    }
    let verdict = MessageRules.judge(message, groups: settings.groups)
    guard verdict == .command, let sender = message.sender else {
      await refuse(message, typed, update: update, person: person, why: "\(verdict)")
      return
    }
    guard let person else {
      await hearStranger(message, typed, from: sender, update: update)
      return
    }
    let request = Request(
      update: update, person: person, address: ChatAddress(message.ref.chat, topic: message.topic),
      kind: message.kind, message: message.ref, place: nil, name: typed,
      arguments: message.arguments)
    await obey(request, sentAt: Timestamp(seconds: message.sentAt))
  }

  /// A command of a known person, typed (`sentAt`) or tapped just now (nil).
  func obey(_ request: Request, sentAt: Timestamp?) async {
    var request = request
    var row = request.row(at: now)
    let type = CommandCatalog.command(named: request.name)
    if let type { row.name = type.name }
    // An emergency is never too much.
    if type?.pace != .emergency {
      switch rate.note(request.person.id, at: now) {
      case .pass: break
      case .slowDown:
        row.stage = .refused
        row.detail = words(.slowDown)
        await record(&row)
        await show(Screen([words(.slowDown)]), for: request)
        return
      // Not even a row: a flood must not fill the journal.
      case .silence: return
      }
    }
    await record(&row)
    guard let type else { return await answerUnknown(request, row) }
    guard type.access.admits(request.person.role) else {
      let text = words(
        .notAllowedToRole, ["command": type.name, "role": words.word(request.person.role)])
      return await refuse(Screen([text]), request, row)
    }
    if settings.isGuard, !type.worksInGuard {
      return await refuse(Screen([guardCan(for: request.person)]), request, row)
    }
    if let sentAt {
      switch freshness.judge(sentAt: sentAt, now: now, pace: type.pace) {
      case .fresh: break
      case .late: request.isLate = true
      case .stale(let age):
        let again = Choice(
          words(.buttonRunNow), .open(type.name, request.arguments))
        let text = words(.notRunStale, ["age": words.age(age)])
        return await refuse(Screen([text], choices: [[again]]), request, row, stage: .expired)
      }
    }
    courier.react(to: request.message, .received)
    await carry(type, request, row)
  }

  private func carry(
    _ type: any ChatCommand.Type, _ request: Request, _ row: CommandRow
  ) async {
    let scene = await scene(for: request.person, sight: type.sight)
    let answer: CommandAnswer
    do throws(Objection) {
      answer = try type.answer(Arguments(request.arguments), in: scene)
    } catch {
      return await refuse(screen(for: error, of: type, request, in: scene), request, row)
    }
    switch answer {
    case .show(let screen):
      var row = row
      let isShown = await show(screen, for: request)
      // Cut off by the end of the process: the next one answers it.
      guard isShown || !Task.isCancelled else { return }
      row.stage = isShown ? .reported : .failed
      await record(&row)
      courier.react(to: request.message, isShown ? .done : .failed)
    case .preview(let screen, let digest):
      await preview(screen, digest, of: type, request, row)
    case .perform(let deed):
      // Typed minutes ago, an emergency is shown again before it is done.
      guard !request.isLate else {
        let late = Request(
          update: request.update, person: request.person, address: request.address,
          kind: request.kind, message: request.message, place: request.place, name: type.name,
          arguments: "", isLate: true)
        return await carry(type, late, row)
      }
      await execute(deed, row: row, person: request.person, nonce: nil)
    }
  }

  private func screen(
    for objection: Objection, of type: any ChatCommand.Type, _ request: Request, in scene: Scene
  ) -> Screen {
    switch objection {
    case .usage: return Screen([words(type.usage)])
    case .misread(let word, let expected):
      return Screen([misreading(of: word, expected, in: scene), words(type.usage)])
    case .refused(let screen): return screen
    case .unknownSymbol(let typed, let nearest):
      let base = Symbol(typed).map { String($0.base) } ?? typed
      let choices = nearest.map { symbol in
        let mended = Arguments(request.arguments).words.map { $0 == typed ? symbol.name : $0 }
        return Choice(symbol.name, .open(type.name, mended.joined(separator: " ")))
      }
      return Screen(
        [words(.unknownSymbol, ["venue": scene.venue, "symbol": base])],
        choices: choices.isEmpty ? [] : [choices])
    }
  }

  private func misreading(
    of word: String, _ expected: Objection.Expected, in scene: Scene
  ) -> String {
    let shown = String(word.prefix(32))
    return switch expected {
    case .duration: words(.notADuration, ["word": shown])
    case .share: words(.notAShare, ["word": shown])
    case .symbol: words(.notASymbol, ["word": shown])
    case .module:
      words(
        .notAModule,
        [
          "word": shown,
          "modules": (scene.snapshot.modules.map(\.name.rawValue) + ["all"]).joined(
            separator: ", "),
        ])
    }
  }

  /// What is left while the bot is down.
  private func guardCan(for person: Person) -> String {
    let names = CommandCatalog.offered(by: settings)
      .filter { $0.access.admits(person.role) }.map { "/\($0.name)" }
    return words(.guardCan, ["list": names.joined(separator: " ")])
  }

  private func answerUnknown(_ request: Request, _ row: CommandRow) async {
    let near = CommandCatalog.nearest(to: request.name) { $0.admits(request.person.role) }
      .filter { !settings.isGuard || $0.worksInGuard }
    let choices = near.map { Choice("/\($0.name)", .open($0.name, request.arguments)) }
    let text = words(.unknownCommand, ["command": String(request.name.prefix(32))])
    let help = Choice("/help", .open("help"))
    await refuse(
      Screen([text], choices: [choices, [help]].filter { !$0.isEmpty }), request, row)
  }

  // MARK: Those who may not

  private func hearStranger(
    _ message: IncomingMessage, _ typed: String, from sender: Sender, update: Int64
  ) async {
    if typed == PairCommand.name, message.kind == .direct,
      await pairing.redeem(message.arguments.filter { !$0.isWhitespace })
    {
      return await pair(sender, message, update: update)
    }
    await refuse(message, typed, update: update, person: nil, why: "stranger")
  }

  private func pair(_ sender: Sender, _ message: IncomingMessage, update: Int64) async {
    courier.delete(message.ref)
    let name = String(sender.name.prefix(40))
    let person = Person(
      id: sender.id, name: name.isEmpty ? "\(sender.id)" : name, role: .owner,
      chat: message.ref.chat, since: now.milliseconds)
    let request = Request(
      update: update, person: person, address: ChatAddress(message.ref.chat), kind: .direct,
      message: nil, place: nil, name: PairCommand.name, arguments: "")
    var row = request.row(at: now)
    do {
      try await people.add(person)
      row.stage = .reported
      courier.setMenu(Menu.entries(for: person.role, words: words), for: person.chat)
    } catch {
      row.stage = .failed
    }
    await record(&row)
    await show(
      row.stage == .reported ? await welcome(person) : Screen([words(.notPaired)]), for: request)
  }

  /// With the locks that stand: without them in sight, a bot that waits looks like one that trades.
  private func welcome(_ person: Person) async -> Screen {
    let locks = await ports.bus.snapshot().locks.sorted { $1.kind < $0.kind }
    let lines =
      [Line(words(.paired, ["name": person.name]))]
      + locks.map { LockText(words: words).line(for: $0) }
    var buttons = [Choice("/help", .open("help"))]
    if let strictest = locks.first?.kind, strictest < .flagFile {
      buttons.insert(Choice(words(.buttonResume), .open("resume")), at: 0)
    }
    return Screen(lines.map { .line($0) }, choices: [buttons])
  }

  /// A command that can't count: a row, no answer to strangers, a mark for the known.
  private func refuse(
    _ message: IncomingMessage, _ typed: String, update: Int64, person: Person?, why: String
  ) async {
    if let person {
      if message.kind == .direct || settings.groups.contains(message.ref.chat),
        why != "\(MessageRules.Verdict.notAddressed)"
      {
        courier.react(to: message.ref, .refused)
      }
      guard rate.note(person.id, at: now) == .pass else { return }
    } else if let sender = message.sender {
      await meet(sender)
      guard rate.note(sender.id, at: now) == .pass else { return }
    }
    let isSecret = typed == PairCommand.name
    var row = CommandRow(
      update: update, person: message.sender?.id,
      personName: String((message.sender?.name ?? "").prefix(40)),
      address: ChatAddress(message.ref.chat, topic: message.topic), request: message.ref,
      name: String(typed.prefix(40)),
      arguments: isSecret ? "" : String(message.arguments.prefix(200)), stage: .refused,
      detail: why, receivedAt: now.milliseconds, changedAt: now.milliseconds)
    await record(&row)
  }

  /// Silence to the stranger, one alert a day to the owner.
  func meet(_ sender: Sender) async {
    guard strangers.isNews(sender.id, at: now) else { return }
    let name = String(sender.name.prefix(40))
    await alerts.tell(Alert(.p1, .stranger(id: sender.id.number, name: name), at: now))
  }
}
