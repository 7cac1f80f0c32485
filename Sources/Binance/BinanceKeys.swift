import TradingModel
import Transport

/// An API key and what signs with it: an HMAC secret, or an RSA or Ed25519 private key. They print
/// nowhere.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info,
/// `SIGNED Endpoint Security`
public struct BinanceKeys: Sendable {
  let key: String
  private let signer: SigningKey

  public init(key: Secret, signer: SigningKey) {
    self.key = key.exposed()
    self.signer = signer
  }

  /// With the secret that came with an HMAC key, or a private key in PEM.
  /// - Throws: `SigningKeyError` for a PEM that holds no usable key.
  public init(key: Secret, secret: Secret) throws(SigningKeyError) {
    let isPEM = secret.exposed().contains("PRIVATE KEY")
    self.init(key: key, signer: isPEM ? try SigningKey(pem: secret) : .hmac(secret))
  }

  /// Only Ed25519 keys may log a WebSocket session on.
  var opensSessions: Bool { signer.kind == .ed25519 }

  /// Blots the key out of texts; the secret never gets near one.
  var redactor: Redactor { Redactor([Secret(key)]) }

  /// The signature of a text as it goes out, not yet percent-encoded.
  func signature(of text: String) -> String { signer.signature(of: text) }

  /// `fields` with time, window and signature at their end: a query or a form body. What is signed
  /// is what is sent, symbols beyond ASCII as their percent-encoded UTF-8.
  func signed(
    _ fields: [BinanceField], at time: Timestamp, receiveWindow: Duration
  ) -> String {
    let text = PercentEncoding.form(
      fields + [
        ("recvWindow", "\(receiveWindow.wholeMilliseconds)"), ("timestamp", "\(time.milliseconds)"),
      ])
    return "\(text)&signature=\(PercentEncoding.encode(signature(of: text)))"
  }
}

/// A parameter of a request.
typealias BinanceField = (name: String, value: String)
