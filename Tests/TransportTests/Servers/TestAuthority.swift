import Foundation
import NIOSSL

/// A certificate authority of our own, and a server's certificate from it for `venue.test` and
/// 127.0.0.1. Made for these tests.
enum TestAuthority {
  /// - Parameter protocols: What the server offers besides HTTP/1.1, the dearest first.
  static func serverContext(protocols: [String] = []) throws -> NIOSSLContext {
    let certificate = try NIOSSLCertificate(bytes: Array(serverPEM.utf8), format: .pem)
    let key = try NIOSSLPrivateKey(bytes: Array(serverKeyPEM.utf8), format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [.certificate(certificate)], privateKey: .privateKey(key))
    configuration.applicationProtocols = protocols
    return try NIOSSLContext(configuration: configuration)
  }

  /// A file with the authority's certificate, as long as `body` runs.
  static func withFile<Result>(
    holding text: String = authorityPEM, _ body: (String) async throws -> Result
  ) async throws -> Result {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pem")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try await body(file.path)
  }

  static let authorityPEM = """
    -----BEGIN CERTIFICATE-----
    MIIBsjCCAVegAwIBAgIUdqh9bg3VitsDn4uaCo/v3WL4PI8wCgYIKoZIzj0EAwIw
    JTEjMCEGA1UEAwwaUXVhcnRlcmRlY2sgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIx
    MTIzMDMwWhgPMjEyNjEwMjgxMjMwMzBaMCUxIzAhBgNVBAMMGlF1YXJ0ZXJkZWNr
    IHRlc3QgYXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEb+nvTefO
    JDOucm0OsGre+bjCkRNF2tTZfWBbKRPvKVNir0ULmQWEZsc0UyMdffDGH1sr7fxd
    7dYb+I/0Nrf3OaNjMGEwHQYDVR0OBBYEFBFtfgoHP0Z3cjyKRjbZIUKYaV+uMB8G
    A1UdIwQYMBaAFBFtfgoHP0Z3cjyKRjbZIUKYaV+uMA8GA1UdEwEB/wQFMAMBAf8w
    DgYDVR0PAQH/BAQDAgEGMAoGCCqGSM49BAMCA0kAMEYCIQDavy0HTs4d4zEpY3iQ
    ODDh6CgSVF2FeuU4amcOYd4WfwIhAONwwZWDvrBtgOifKZ0QTGotlkp2unqATz/J
    pprVZ/Qh
    -----END CERTIFICATE-----
    """

  private static let serverPEM = """
    -----BEGIN CERTIFICATE-----
    MIIBzTCCAXKgAwIBAgIUdDj4iPuynPshFo+QqOxy46nAeo0wCgYIKoZIzj0EAwIw
    JTEjMCEGA1UEAwwaUXVhcnRlcmRlY2sgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIx
    MTIzMDMwWhgPMjEyNjEwMjgxMjMwMzBaMBUxEzARBgNVBAMMCnZlbnVlLnRlc3Qw
    WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAT8CxRFeFiLKvZKhogXqFlFX62KmHcW
    yPrJiAs6x17OnCETAxmhp6PFWIFjmaUTVt5Ucff2V+3KQw3WLrYUdLMvo4GNMIGK
    MBsGA1UdEQQUMBKCCnZlbnVlLnRlc3SHBH8AAAEwCQYDVR0TBAIwADALBgNVHQ8E
    BAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0OBBYEFBlJysEe55lkDaev
    iQ8GxFUP69UEMB8GA1UdIwQYMBaAFBFtfgoHP0Z3cjyKRjbZIUKYaV+uMAoGCCqG
    SM49BAMCA0kAMEYCIQD/+NWeczeX+g2BZmQPUHrf4jKR14Dq1k0HO24uWeScHwIh
    APvyX4NXuuMxAv/xfq+fvNQGHpz+9V2avAfTd7isyxH9
    -----END CERTIFICATE-----
    """

  private static let serverKeyPEM = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgguA9lXJ888/y6lo5
    gv1LQqBFGIT8LHUF3p8+rSskCuGhRANCAAT8CxRFeFiLKvZKhogXqFlFX62KmHcW
    yPrJiAs6x17OnCETAxmhp6PFWIFjmaUTVt5Ucff2V+3KQw3WLrYUdLMv
    -----END PRIVATE KEY-----
    """
}
