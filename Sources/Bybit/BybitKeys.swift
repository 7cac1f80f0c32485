import TradingModel
import Transport

/// Key and secret of an API key, and what is signed with them; they print nowhere.
///
/// Source: https://bybit-exchange.github.io/docs/v5/guide#authentication and `/v5/ws/connect`
public struct BybitKeys: Sendable {
  let key: String
  private let signer: SigningKey

  public init(key: Secret, secret: Secret) {
    self.key = key.exposed()
    signer = .hmac(secret)
  }

  /// The signature of a request.
  /// - Parameters:
  ///   - time: By the venue's clock.
  ///   - content: The query as it stands in the URL, or the bytes of the body as text.
  func signature(at time: Timestamp, receiveWindow: Duration, content: String) -> String {
    signer.signature(of: "\(time.milliseconds)\(key)\(receiveWindow.wholeMilliseconds)\(content)")
  }

  /// The signature that opens a private stream.
  /// - Parameter expiry: Until when it counts, by the venue's clock.
  func streamSignature(expiry: Timestamp) -> String {
    signer.signature(of: "GET/realtime\(expiry.milliseconds)")
  }
}
