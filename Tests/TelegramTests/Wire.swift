import Chat
import Loopback
import Telegram
import TestSupport
import Testing
import TradingModel
import Transport

/// The bot's client on one end of a real socket, a loopback Telegram with Ana in front of it on the
/// other. Each end has a clock of its own, which the test moves.
struct Wire {
  static let ana: Int64 = 42
  static let chat = ChatID(ana)
  static let token = Loopback.TelegramSettings.standardToken

  /// The server's time.
  let serverTime: ManualClock
  /// The bot's time.
  let time = ManualClock()
  let serverClock: LoopbackClock
  let faults: FaultPlan
  let transcript: Transcript
  let telegram: TelegramServer
  /// What the bot did and heard, in order.
  let chronicle = Chronicle()
  let log = LogBook()
  let ledger: WatchedLedger
  let service: TelegramService

  /// Runs `body` with a server that listens, then ends both. Nothing that was logged may hold the
  /// token.
  static func open(
    patience: Duration = .seconds(5),
    pollGrace: Duration = .seconds(20),
    _ body: (Wire) async throws -> Void
  ) async throws {
    let serverTime = ManualClock()
    let clock = LoopbackClock(following: serverTime)
    let faults = FaultPlan()
    let transcript = Transcript(clock: clock)
    let telegram = TelegramServer(
      clock: clock, chance: SeededRandom(seed: 7), faults: faults, transcript: transcript)
    await telegram.introduce(
      TelegramUser(id: ana, firstName: "Ana", username: "ana", languageCode: "ro"))
    try await telegram.say("/start", from: ana)
    await telegram.meddle(.drop)
    let server = try await LoopbackServer(telegram, clock: clock)
    let http = CurlHTTPClient()
    let wire = try Wire(
      serverTime: serverTime, serverClock: clock, faults: faults, transcript: transcript,
      telegram: telegram, http: http,
      settings: Telegram.TelegramSettings(
        baseURL: server.address, pollTimeout: .seconds(1), pollGrace: pollGrace,
        callTimeout: patience,
        // How fast messages leave is the queue's business, and its tests'.
        pace: SendPace(burstPerChat: 100, burstPerGroup: 100, burstOverall: 100)))
    let running = Task { await server.run() }
    do {
      try await body(wire)
    } catch {
      Issue.record(error)
    }
    running.cancel()
    await running.value
    await http.shutdown()
    #expect(wire.log.lines.filter { $0.contains("LOOPBACKloopback") } == [])
  }

  private init(
    serverTime: ManualClock, serverClock: LoopbackClock, faults: FaultPlan,
    transcript: Transcript, telegram: TelegramServer, http: CurlHTTPClient,
    settings: Telegram.TelegramSettings
  ) throws {
    self.serverTime = serverTime
    self.serverClock = serverClock
    self.faults = faults
    self.telegram = telegram
    self.transcript = transcript
    ledger = WatchedLedger(chronicle: chronicle)
    service = try TelegramService(
      http: http, token: Secret(Self.token), ledger: ledger, settings: settings, clock: time,
      chance: SteadyRandom(), log: log.logger(),
      report: { [chronicle] news in if news != .polled { chronicle.write("\(news)") } })
  }
}

extension Wire {
  /// Runs `body` while the bot polls. What it hears is written down: `heard hello`.
  func polling(_ body: () async throws -> Void) async throws {
    let poll = Task { [service, chronicle] in
      await service.poller.run { updates in
        for update in updates { chronicle.write("heard \(update.words)") }
      }
    }
    try await body()
    poll.cancel()
    await poll.value
  }

  /// Hears what waits. The poll that would confirm it does not get through.
  func pollOnce() async throws {
    fault("status", at: "getUpdates", skip: 1)
    try await polling { await time.waitForSleeper(until: time.now + .seconds(1)) }
  }

  /// Ana writes, and the bot hears it.
  func hears(_ text: String) async throws {
    try await telegram.say(text, from: Self.ana)
    await chronicle.wait(for: "heard \(text)")
  }

  func fault(
    _ name: String, _ settings: JSONObject = [:], at method: String, skip: Int = 0, times: Int? = 1
  ) {
    faults.add(
      FaultRule(
        service: "telegram", endpoint: method, Fault(name, settings), skip: skip, times: times))
  }

  func send(
    _ reply: Reply, to chat: ChatID = Wire.chat, topic: Int64? = nil
  ) async throws(ChatError) -> MessageRef {
    try await service.chat.send(
      reply, to: ChatAddress(chat, topic: topic), replyingTo: nil, lane: .answer)
  }

  /// What the bot wrote to Ana, as it stands on the phone.
  func written() async -> [PhoneMessage] {
    await telegram.phone(chat: Self.ana).chats.flatMap(\.messages).filter(\.isFromBot)
  }

  /// How often a method was called.
  func calls(of method: String) -> Int {
    transcript.lines().count { $0.text.hasPrefix("> ") && $0.text.contains(" \(method)") }
  }
}

extension ChatUpdate {
  /// What it says, in short.
  var words: String {
    switch body {
    case .message(let message): message.text
    case .tap(let tap): "tap \(tap.data)"
    case .membership(_, let canWrite): canWrite ? "let in" : "blocked"
    case .migrated(let old, let new): "\(old) is \(new)"
    case .ignored(let kind): "nothing of \(kind)"
    }
  }
}
