import Transport

/// Where the loopback servers are, and what opens them.
public struct LoopbackAddresses: Sendable, Hashable {
  /// `http://127.0.0.1:PORT`.
  public var telegram: String
  /// The token of the bot on the loopback Telegram.
  public var token: String
  public var bybitREST: String
  /// Base addresses of the streams, without the path that a client appends.
  public var bybitStreams: String
  public var binanceREST: String
  public var binanceStreams: String
  public var apiKey: String
  public var apiSecret: String
  public var control: String

  /// One line of JSON.
  public var json: String {
    let fields: JSONObject = [
      "telegram": .string(telegram), "token": .string(token), "bybit_rest": .string(bybitREST),
      "bybit_ws": .string(bybitStreams), "binance_rest": .string(binanceREST),
      "binance_ws": .string(binanceStreams), "api_key": .string(apiKey),
      "api_secret": .string(apiSecret), "control": .string(control),
    ]
    return JSONValue.object(fields).text
  }
}
