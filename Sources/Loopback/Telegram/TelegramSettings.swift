import TradingModel

/// Who the bot is on the loopback Telegram, and how strict the server is.
public struct TelegramSettings: Sendable, Hashable {
  /// Digits, a colon and at least one more character, as BotFather gives them.
  public var token: String
  public var botName: String
  public var botUsername: String
  public var pace: FloodPace
  /// How long a tap may wait for its answer before the query is too old.
  public var tapPatience: Duration

  /// A token that is no secret: it opens nothing outside this machine.
  public static let standardToken = "123456789:LOOPBACKloopbackLOOPBACKloopback000"

  public init(
    token: String = standardToken, botName: String = "Quarterdeck",
    botUsername: String = "quarterdeck_loopback_bot", pace: FloodPace = .lenient,
    tapPatience: Duration = .seconds(150)
  ) {
    self.token = token
    self.botName = botName
    self.botUsername = botUsername
    self.pace = pace
    self.tapPatience = tapPatience
  }

  var bot: TelegramUser {
    TelegramUser(
      id: Int64(token.prefix { $0 != ":" }) ?? 0, isBot: true, firstName: botName,
      username: botUsername)
  }
}
