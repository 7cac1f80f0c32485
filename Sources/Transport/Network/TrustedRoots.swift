import NIOSSL
import Synchronization

/// The certificate authorities that count: the system's, and those of an extra file. Read when first
/// needed, since that costs time and memory.
final class TrustedRoots: Sendable {
  private let extraFile: String?
  private let context = Mutex<NIOSSLContext?>(nil)

  init(extraFile: String?) { self.extraFile = extraFile }

  /// Client TLS, always verified.
  func clientContext() throws -> NIOSSLContext {
    try context.withLock { context in
      if let context { return context }
      var configuration = TLSConfiguration.makeClientConfiguration()
      if let extraFile { configuration.additionalTrustRoots = [.file(extraFile)] }
      let made = try NIOSSLContext(configuration: configuration)
      context = made
      return made
    }
  }

  /// What keeps a file from being a list of authorities; nil when it is one.
  static func problem(with file: String) -> String? {
    do {
      return try NIOSSLCertificate.fromPEMFile(file).isEmpty ? "it holds no certificate" : nil
    } catch {
      return "it should hold certificates in PEM: -----BEGIN CERTIFICATE-----"
    }
  }
}
