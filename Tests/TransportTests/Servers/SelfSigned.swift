import NIOSSL

/// A server's TLS with a certificate for 127.0.0.1 that nobody vouches for. Made for these tests.
enum SelfSigned {
  static func context() throws -> NIOSSLContext {
    let certificate = try NIOSSLCertificate(bytes: Array(certificatePEM.utf8), format: .pem)
    let key = try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem)
    return try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
  }

  private static let keyPEM = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjCnPCsnpwx45mSaL
    zRoKJRSe6IeCFFu8h0ec9Cfu2+yhRANCAASQ1LA+39X1TyrQTmTL72M1IOh2J9eH
    VxyNSOAJaGtySOofTh5LDucsfie510Yww3T7qCV7SM9Sb0WeBVw4Avbz
    -----END PRIVATE KEY-----
    """

  private static let certificatePEM = """
    -----BEGIN CERTIFICATE-----
    MIIBkDCCATagAwIBAgIUNAVl7eWgDJuc+QJRu3Z70G9uC3wwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMDE4NTQyOFoYDzIxMjYxMDI3
    MTg1NDI4WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAASQ1LA+39X1TyrQTmTL72M1IOh2J9eHVxyNSOAJaGtySOofTh5LDucs
    fie510Yww3T7qCV7SM9Sb0WeBVw4Avbzo2QwYjAdBgNVHQ4EFgQUh+tb5A+7aBLG
    tj/aiVscwFHphWswHwYDVR0jBBgwFoAUh+tb5A+7aBLGtj/aiVscwFHphWswDwYD
    VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC
    IQCngI5GKk+5m5eTtusdhHIF1ceNsHeDqsIX8YwElbu9zgIgNebfDUG7hmTyBHUT
    g5jIjIjrXXgCO34tQ3aFmQIiywE=
    -----END CERTIFICATE-----
    """
}
