import Chat
import ChatOps
import ServiceLifecycle
import TradingModel

/// The chat goes on until its last messages are out, or for two seconds.
struct ChatRoom: Service {
  private static let lastWords = Duration.seconds(2)
  let bot: Bot

  func run() async throws {
    await withDiscardingTaskGroup { group in
      group.addTask { await open() }
      do {
        try await gracefulShutdown()
      } catch {
        // Cancelled: then at once.
      }
      await flush()
      group.cancelAll()
    }
  }

  private func open() async {
    await bot.startChat()
    await withDiscardingTaskGroup { group in
      group.addTask { await bot.chat.run() }
      if bot.showsPairingCodes { group.addTask { await bot.showPairingCodes() } }
      // What went wrong at the start is for the owner, who may have to pair again first.
      await bot.waitForAnOwner()
      for await alert in bot.alarms.values { await bot.chat.alerts.tell(alert) }
    }
  }

  /// Until nothing waits, three times in a row: an alert of the engine may be on its way to the outbox.
  private func flush() async {
    let deadline = bot.clock.now + Self.lastWords
    var emptyLooks = 0
    while bot.clock.now < deadline, emptyLooks < 3 {
      do {
        let isOut = try await bot.journal.pending().isEmpty
        let isQuiet = isOut && bot.chat.hasAnswered
        emptyLooks = isQuiet ? emptyLooks + 1 : 0
        try await bot.clock.sleep(for: .milliseconds(50))
      } catch {
        return
      }
    }
  }
}

extension Bot {
  /// Persons, menus, what a crash left over. Without the list of persons nobody may, so it is asked
  /// for again until it can be read.
  func startChat() async {
    while !Task.isCancelled {
      do {
        if case .terminal = way { try await admitTheTerminal() }
        try await chat.start()
        return
      } catch {
        log.error("the chat can't start", metadata: ["error": "\(error)"])
        do { try await clock.sleep(for: .seconds(5)) } catch { return }
      }
    }
  }

  /// Whoever sits at the console owns the bot that runs on it.
  private func admitTheTerminal() async throws(ChatStoreError) {
    try await journal.save(
      Person(
        id: TerminalChat.person.id, name: TerminalChat.person.name, role: .owner,
        chat: TerminalChat.chat, since: clock.now.milliseconds))
  }

  /// While nobody owns the bot: a code on the console, and a new one when it has expired.
  func showPairingCodes() async {
    var shown: String?
    while !Task.isCancelled {
      guard let code = await chat.pairingCode() else { return }
      if code != shown {
        Console.note(
          "\nNobody is paired with this bot. Send it this, in a private chat, within 10 minutes:\n"
            + "\n    /pair \(code)\n")
        shown = code
      }
      do { try await clock.sleep(for: .seconds(10)) } catch { return }
    }
  }

  func waitForAnOwner() async {
    while !Task.isCancelled, await chat.pairingCode() != nil {
      do { try await clock.sleep(for: .seconds(1)) } catch { return }
    }
  }

  func listenToThePerson() async {
    switch way {
    case .telegram(let poller):
      await poller.run { updates in
        for update in updates { await chat.receive(update) }
      }
      // Cancelled by now; the confirmation goes out in a task that is not.
      await Task { await poller.confirm() }.value
    case .terminal(let terminal):
      var number = clock.now.milliseconds
      for await line in Keyboard.lines() {
        number += 1
        if let update = terminal.update(for: line, id: number) { await take(update) }
      }
    }
  }

  /// As the poller does: written down first.
  private func take(_ update: ChatUpdate) async {
    do {
      for fresh in try await journal.commit([update], nextOffset: update.id + 1) {
        await chat.receive(fresh)
      }
    } catch {
      log.error("not written down", metadata: ["error": "\(error)"])
      await chat.receive(update)
    }
  }
}
