import TradingModel
import Transport

/// A Telegram that lives on this machine: the Bot API on one side, persons on the other.
///
/// What the bot sends is checked as the real server checks it; what persons do becomes updates.
/// Source: tdlib/telegram-bot-api, and core.telegram.org/bots/api (9.5).
public actor TelegramServer: LoopbackService {
  public nonisolated let name = "telegram"
  public nonisolated let settings: TelegramSettings
  public nonisolated let transcript: Transcript
  /// Bumped whenever a person would see something else on the phone.
  public nonisolated let changes = ChangeSignal()

  nonisolated let clock: any WallClock
  nonisolated let faults: FaultPlan
  nonisolated let bot: TelegramUser

  var queue: UpdateQueue
  var allowedUpdates = UpdateKind.standard
  var polling = PollingState()
  var webhook: String?

  var persons: [Int64: TelegramUser] = [:]
  var rooms: [Int64: ChatRoom] = [:]
  var lastMessageID: Int64 = 0
  var menus = CommandMenus()
  var taps: [PendingTap] = []
  var lastTapID: Int64
  var toasts: [PhoneToast] = []
  var floodGate: FloodGate
  private var lastCall = 0

  /// - Parameters:
  ///   - clock: Message dates, retention and long polls go by it.
  ///   - chance: The first update id and the ids of taps.
  ///   - faults: What is to go wrong; shared with the control interface.
  ///   - transcript: Where calls and replies are written down; the token is masked in it.
  public init(
    settings: TelegramSettings = TelegramSettings(), clock: any WallClock,
    chance: any RandomSource, faults: FaultPlan, transcript: Transcript
  ) {
    self.settings = settings
    self.clock = clock
    self.faults = faults
    self.transcript = transcript
    bot = settings.bot
    queue = UpdateQueue(chance: chance)
    floodGate = FloodGate(settings.pace)
    lastTapID = Int64(chance.next(below: 1 << 60)) + (1 << 60)
    transcript.mask(settings.token)
  }

  // MARK: The Bot API

  public func handle(_ request: ServerRequest) async -> ServerResponse {
    let parameters = request.parameters
    let method: String
    do throws(TelegramRefusal) {
      method = try methodName(of: request, parameters)
    } catch {
      transcript.note("! \(request.method) \(request.path): \(error.description)", service: name)
      return error.response
    }
    lastCall += 1
    let call = lastCall
    transcript.note("> #\(call) \(method)\(Self.line(of: parameters))", service: name)
    return await faults.answer(
      service: name, endpoint: method,
      struck: { transcript.note("! #\(call) \($0.name)", service: name) },
      execute: { fault in
        let response = await carryOut(method, parameters, fault: fault)
        let body = String(decoding: response.body, as: UTF8.self)
        transcript.note("< #\(call) \(response.status) \(body)", service: name)
        return response
      })
  }

  private func carryOut(
    _ method: String, _ parameters: RequestParameters, fault: Fault?
  ) async -> ServerResponse {
    do throws(TelegramRefusal) {
      if let fault { try refuse(fault) }
      let result = try await result(of: method, parameters, fault: fault)
      return .telegram(["ok": true, "result": result])
    } catch {
      return error.response
    }
  }

  /// `/bot<token>/<method>`; a parameter named `method` counts when the path has none.
  private func methodName(
    of request: ServerRequest, _ parameters: RequestParameters
  ) throws(TelegramRefusal) -> String {
    let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard let first = parts.first, first.hasPrefix("bot") else { throw .notFound }
    let token = first.dropFirst(3)
    guard token.contains(":"), token.first?.isNumber ?? false else { throw .notFound }
    guard token == settings.token else { throw .unauthorized }
    let given = parts.dropFirst().first.map(String.init) ?? parameters["method"] ?? ""
    guard !given.isEmpty, ["GET", "POST"].contains(request.method) else { throw .notFound }
    let method = given.lowercased()
    return Self.methods.first { $0.lowercased() == method } ?? given
  }

  static let methods = [
    "getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "sendMessage",
    "editMessageText", "editMessageReplyMarkup", "deleteMessage", "answerCallbackQuery",
    "setMyCommands", "getMyCommands", "deleteMyCommands", "setMessageReaction", "sendChatAction",
    "getChat",
  ]

  private func result(
    of method: String, _ parameters: RequestParameters, fault: Fault?
  ) async throws(TelegramRefusal) -> JSONValue {
    switch method {
    case "getMe": getMe()
    case "getUpdates": try await getUpdates(parameters, fault: fault)
    case "setWebhook": setWebhook(parameters)
    case "deleteWebhook": deleteWebhook(parameters)
    case "getWebhookInfo": getWebhookInfo()
    case "sendMessage": try sendMessage(parameters)
    case "editMessageText": try editMessageText(parameters)
    case "editMessageReplyMarkup": try editMessageReplyMarkup(parameters)
    case "deleteMessage": try deleteMessage(parameters)
    case "answerCallbackQuery": try answerCallbackQuery(parameters)
    case "setMyCommands": try setMyCommands(parameters)
    case "getMyCommands": .array(try menus.list(parameters))
    case "deleteMyCommands": try deleteMyCommands(parameters)
    case "setMessageReaction": try setMessageReaction(parameters)
    case "sendChatAction": try sendChatAction(parameters)
    case "getChat": .object(try room(parameters).chat.json)
    default: throw .methodNotFound
    }
  }

  private func getMe() -> JSONValue {
    var me = bot.json
    for (field, value) in [
      ("can_join_groups", true), ("can_read_all_group_messages", false),
      ("supports_inline_queries", false), ("can_connect_to_business", false),
      ("has_main_web_app", false),
    ] {
      me[field] = .bool(value)
    }
    return .object(me)
  }

  private static func line(of parameters: RequestParameters) -> String {
    parameters.values.map { " \($0.name)=\($0.value)" }.joined()
      + parameters.uploads.map { " \($0.field)=<\($0.bytes.count) bytes>" }.joined()
  }
}
