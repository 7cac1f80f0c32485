import Loopback

/// Where a bot is told to knock, and with which secrets.
struct Doors: Sendable {
  var telegram = "http://127.0.0.1:1"
  var bybitREST = "http://127.0.0.1:1"
  var bybitStreams = "ws://127.0.0.1:1"
  var binanceREST = "http://127.0.0.1:1"
  var binanceStreams = "ws://127.0.0.1:1"
  var token = "987654321:E2EtokenE2EtokenE2EtokenE2Etoken000"
  var apiKey = "E2EkeyE2Ekey0001"
  var apiSecret = "E2EsecretE2EsecretE2EsecretE2Esecret"

  /// The port of "tcpmux" everywhere: nobody listens there.
  static let closed = Doors()

  init() {}

  init(_ addresses: LoopbackAddresses) {
    telegram = addresses.telegram
    bybitREST = addresses.bybitREST
    bybitStreams = addresses.bybitStreams
    binanceREST = addresses.binanceREST
    binanceStreams = addresses.binanceStreams
    token = addresses.token
    apiKey = addresses.apiKey
    apiSecret = addresses.apiSecret
  }

  /// As `.env` names them.
  var secrets: [String: String] {
    ["TELEGRAM_BOT_TOKEN": token, "BYBIT_API_KEY": apiKey, "BYBIT_API_SECRET": apiSecret]
  }
}
